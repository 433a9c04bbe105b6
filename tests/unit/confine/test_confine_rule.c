#include "confine/confine_rule.h"

#include <string.h>

#include "lib/unit.h"

static const char CONFIG[] = "[confine]\nservices = sshd, @files\n"
			     "[services]\nfiles = vsftpd\n";

static void
test_judgement(void **state)
{
	static const struct {
		const char *row, *service, *scopes;
		enum confine_mode mode;
		enum confine expected;
	} CASES[] = {
	    {"no mode", "sshd", "read", CONFINE_NEVER, CONFINE_UNNEEDED},
	    {"no mode, elsewhere", "x", "", CONFINE_NEVER, CONFINE_UNNEEDED},
	    {"may write", "sshd", "read,write", CONFINE_CHILD,
		CONFINE_UNNEEDED},
	    {"may write, elsewhere", "x", "write", CONFINE_PROCESS,
		CONFINE_UNNEEDED},
	    {"may write, nowhere", NULL, "write", CONFINE_CHILD,
		CONFINE_UNNEEDED},
	    {"child", "sshd", "read", CONFINE_CHILD, CONFINE_NEEDED},
	    {"process", "sshd", "read", CONFINE_PROCESS, CONFINE_NEEDED},
	    {"of a group", "vsftpd", "read", CONFINE_PROCESS, CONFINE_NEEDED},
	    {"no scope at all", "sshd", "", CONFINE_CHILD, CONFINE_NEEDED},
	    {"like write", "sshd", "writer,write:x,WRITE", CONFINE_CHILD,
		CONFINE_NEEDED},
	    {"elsewhere", "dovecot", "read", CONFINE_CHILD, CONFINE_REFUSED},
	    {"nowhere", NULL, "read", CONFINE_CHILD, CONFINE_REFUSED},
	    {"the group's name", "files", "read", CONFINE_CHILD,
		CONFINE_REFUSED},
	};
	struct config config;

	(void)state;
	assert_ok(config_parse(&config, CONFIG, strlen(CONFIG), "file", &why));
	for (size_t i = 0; i < COUNT_OF(CASES); i++)
		assert_row(CASES[i].row,
		    confine_verdict(&config, CASES[i].service, CASES[i].scopes,
			CASES[i].mode) == CASES[i].expected);
	config_free(&config);
}

/*
 * vsftpd calls setcred once, in the process that continues: never in a child.
 */
static void
test_programs(void **state)
{
	static const struct {
		const char *path;
		enum confine_mode mode;
		const char *says; /* NULL: it fits */
	} CASES[] = {
	    {"/usr/sbin/sshd", CONFINE_CHILD, NULL},
	    {"/usr/lib/openssh/sshd-session", CONFINE_CHILD, NULL},
	    {"/opt/ssh/sbin/sshd", CONFINE_CHILD, NULL},
	    {"/usr/sbin/sshd", CONFINE_PROCESS, "takes confine=child"},
	    {"/usr/sbin/vsftpd", CONFINE_PROCESS, NULL},
	    {"/usr/sbin/vsftpd", CONFINE_CHILD, "takes confine=process"},
	    {"/usr/sbin/proftpd", CONFINE_PROCESS, NULL},
	    {"/usr/sbin/proftpd", CONFINE_CHILD, "takes confine=process"},
	    {"/usr/sbin/vsftpd2", CONFINE_PROCESS, "programs lists those"},
	    {"/usr/sbin/sshd/x", CONFINE_CHILD, "programs lists those"},
	    {"/usr/sbin/dropbear", CONFINE_CHILD, "programs lists those"},
	    {"", CONFINE_CHILD, "programs lists those"},
	    {"/opt/ftpd", CONFINE_PROCESS, NULL},
	    {"/opt/ftpd", CONFINE_CHILD, NULL},
	    {"/opt/vsftpd", CONFINE_CHILD, NULL},
	    {"/opt/ft", CONFINE_PROCESS, "programs lists those"},
	    {"/opt/ftpd,/opt/x", CONFINE_PROCESS, "programs lists those"},
	};
	static const struct config LISTS = {
	    .confine = {.programs = "/opt/ftpd,/opt/x,/opt/vsftpd"}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		enum err rc = confine_check_program(
		    &LISTS, CASES[i].path, CASES[i].mode, &why);

		assert_row(CASES[i].path,
		    rc == (CASES[i].says == NULL ? ERR_OK : ERR_REFUSED));
		if (CASES[i].says != NULL) {
			assert_says(CASES[i].path);
			assert_says(CASES[i].says);
		}
	}
}

/* Confinement replaces the need for write; nothing else does. */
static void
test_what_is_demanded(void **state)
{
	static const struct {
		const char *service, *need, *left;
		enum confine_mode mode;
	} CASES[] = {
	    {"sshd", "read,write", "read", CONFINE_CHILD},
	    {"sshd", "write,deploy,read", "deploy,read", CONFINE_CHILD},
	    {"sshd", "write", "write", CONFINE_CHILD},
	    {"sshd", "writer", "writer", CONFINE_CHILD},
	    {"sshd", "read,write", "read,write", CONFINE_NEVER},
	    {"dovecot", "read,write", "read,write", CONFINE_CHILD},
	    {NULL, "read,write", "read,write", CONFINE_CHILD},
	};
	char need[RECORD_SCOPES_MAX + 1];
	struct config config;

	(void)state;
	assert_ok(config_parse(&config, CONFIG, strlen(CONFIG), "file", &why));
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		strcpy(need, CASES[i].need);
		confine_need(&config, CASES[i].service, CASES[i].mode, need);
		assert_row(CASES[i].need, strcmp(need, CASES[i].left) == 0);
	}
	config_free(&config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_judgement),
	    cmocka_unit_test(test_what_is_demanded),
	    cmocka_unit_test(test_programs),
	};

	return unit_run(tests);
}
