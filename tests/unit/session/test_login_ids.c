/* login_ids.h: what is read about a process, and what counts as new. */
#include "session/login_ids.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/unit.h"

#define SCOPE "/user.slice/user-1000.slice/session-c12.scope"

static void
test_scopes(void **state)
{
	static const struct {
		const char *text, *scope;
	} ROWS[] = {
	    {"0::" SCOPE "\n", SCOPE},
	    {"0::" SCOPE, SCOPE},
	    {"0::" SCOPE "/below\n", SCOPE},
	    {"3:cpu:/\n1:name=systemd:" SCOPE "\n0::/\n", SCOPE},
	    {"0::/../session-3.scope\n", "/../session-3.scope"},
	    {"0::/a/session-/session-3.scope\n", "/a/session-/session-3.scope"},
	    {"0::/session-3.scopes\n", "/session-3.scope"},
	    {"", NULL},
	    {"0::/\n", NULL},
	    {"0::/system.slice/ssh.service\n", NULL},
	    {"0::/user.slice/user-1000.slice/user@1000.service\n", NULL},
	    {"0::/session-.scope\n", NULL},
	    {"0::/session-3\n", NULL},
	    {"0::/session-3.scop\n", NULL},
	    {"0::/session-3 .scope\n", NULL},
	    {"0::/mysession-3.scope\n", NULL},
	    {"0::/session-3\n.scope\n", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		size_t len = 0;
		const char *found = login_ids_find_scope(ROWS[i].text, &len);

		assert_row(
		    ROWS[i].text, (found == NULL) == (ROWS[i].scope == NULL));
		if (found != NULL)
			assert_row(ROWS[i].text,
			    len == strlen(ROWS[i].scope) &&
				strncmp(found, ROWS[i].scope, len) == 0);
	}
}

static void
test_new_ones(void **state)
{
	static const struct {
		const char *what;
		struct login_ids before, now;
		_Bool audit, scope;
	} ROWS[] = {
	    {"both", {1, 3, "/session-3.scope"}, {1, 4, "/session-4.scope"}, 1,
		1},
	    {"from none", {1, UINT32_MAX, ""}, {1, 4, "/session-4.scope"}, 1,
		1},
	    {"none", {1, UINT32_MAX, ""}, {1, UINT32_MAX, ""}, 0, 0},
	    {"to none", {1, 3, "/session-3.scope"}, {1, UINT32_MAX, ""}, 0, 0},
	    {"the same", {1, 3, "/session-3.scope"}, {1, 3, "/session-3.scope"},
		0, 0},
	    {"seen from elsewhere", {1, 3, "/../session-3.scope"},
		{1, 3, "/user.slice/session-3.scope"}, 0, 0},
	    {"before not known", {0, UINT32_MAX, ""},
		{1, 4, "/session-4.scope"}, 0, 0},
	    {"now not known", {1, UINT32_MAX, ""}, {0, 4, "/session-4.scope"},
		0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		assert_row(ROWS[i].what,
		    login_ids_audit_is_new(&ROWS[i].before, &ROWS[i].now) ==
			ROWS[i].audit);
		assert_row(ROWS[i].what,
		    login_ids_scope_is_new(&ROWS[i].before, &ROWS[i].now) ==
			ROWS[i].scope);
	}
}

static void
test_of_a_process(void **state)
{
	struct login_ids self, same;
	char text[16] = "", audit[16];
	FILE *file = fopen("/proc/self/sessionid", "re");

	(void)state;
	login_ids_read(0, &self);
	login_ids_read((uint64_t)getpid(), &same);
	assert_true(self.is_known);
	assert_true(same.is_known);
	assert_int_equal(self.audit, same.audit);
	assert_string_equal(self.scope, same.scope);
	if (file == NULL)
		return;
	assert_non_null(fgets(text, sizeof(text), file));
	(void)fclose(file);
	(void)snprintf(audit, sizeof(audit), "%u", self.audit);
	assert_string_equal(text, audit);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(test_scopes),
	    cmocka_unit_test(test_new_ones),
	    cmocka_unit_test(test_of_a_process),
	};

	return unit_run(TESTS);
}
