/*
 * The result of a stack: ours compared with libpam's, on generated stacks.
 * pam_debug returns whatever its arguments say.
 */
#include "lib/unit.h"

#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "pam/pamrun.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED
#endif
#ifdef SANITIZED
#include <sanitizer/lsan_interface.h>
#else
#define __lsan_disable() (void)0
#define __lsan_enable() (void)0
#endif

#define STACKS 1500
#define SERVICE "made"

/* How each is written, and pam_debug's arguments for each type. */
static const char *const ARGUMENTS[] = {
    [PAMLINE_AUTH] = "auth",
    [PAMLINE_ACCOUNT] = "acct",
    [PAMLINE_SESSION] = "open_session",
};

static const char *const LOOSE[] = {"required", "requisite", "optional",
    "sufficient", "REQUIRED", "[success=1 default=ignore]",
    "[success=2 default=ignore]", "[success=ok default=die]", "sufficient",
    "[success=done new_authtok_reqd=done default=bad]",
    "[success=ok ignore=ignore default=reset]", "[default=3]", "[default=1]",
    "[success=1 perm_denied=die default=ignore]", "[]", "[success=ok",
    "[success=okdefault=bad]", "[ success = ok  default = 2 ]", "[success=0]",
    "[SUCCESS=ok]", "bogus", "[default=ok success=bad]",
    "[success=ok\\] default=bad]", "[user_unknown=ignore success=1 default=2]"};

static const char *const TYPES[] = {"auth", "account", "session", "-auth",
    "AUTH", "-session", "account", "auth", "password", "zork", ""};

static const char *const NAMES[] = {"success", "success", "success", "auth_err",
    "perm_denied", "ignore", "user_unknown", "new_authtok_reqd", "acct_expired",
    "session_err", "cred_err", "module_unknown", "abort", "authinfo_unavail"};

static const char *const ENDS[] = {"\n", "\n", "\n", "\n", "\n\n#\n",
    " # end\n", " \\\n", "\t\\ \n", "\r\n", "\n  \n", "\n\r\n",
    " x\\\n# y\n z\n", " x\\\n\n z\n", " \\\n\\\n z\n"};

static const char *
pick(struct unit_random *random, const char *const words[], size_t count)
{
	return words[unit_random_below(random, (uint32_t)count)];
}

#define PICK(random, words) pick(random, words, COUNT_OF(words))

/* Most lines are what a person would write: they use the first few words. */
#define PICK_MOSTLY(random, words, sane)                                       \
	pick(random, words,                                                    \
	    unit_random_below(random, 40) == 0 ? COUNT_OF(words) : (sane))

static void
write_module(FILE *file, struct unit_random *random)
{
	switch (unit_random_below(random, 12)) {
	case 0:
		(void)fprintf(file, "pam_permit.so");
		return;
	case 1:
		(void)fprintf(file, "pam_deny.so x [y z]");
		return;
	case 2:
		(void)fprintf(file, "pam_there_is_none.so");
		return;
	case 3:
		if (unit_random_below(random, 8) == 0)
			return;
		break;
	default:
		break;
	}
	(void)fprintf(file, "pam_debug.so");
	for (size_t i = 0; i < COUNT_OF(ARGUMENTS); i++)
		(void)fprintf(
		    file, " %s=%s", ARGUMENTS[i], PICK(random, NAMES));
}

/* Included files have a greater number, so that the recursion ends. */
static void
write_line(FILE *file, struct unit_random *random, const char *directory,
    unsigned number)
{
	const char *type = PICK_MOSTLY(random, TYPES, 3);
	uint32_t kind = unit_random_below(random, 12);

	/* Linux-PAM 1.5 looks for included files only in /etc/pam.d. */
	if (kind == 0 && number < 4) {
		(void)fprintf(file, "@include %s/%u\n", directory, number + 1);
		return;
	} else if (kind <= 2 && number < 4) {
		(void)fprintf(file, "%s %s %s/%u",
		    type[0] == '\0' || type[0] == 'z' ? "auth" : type,
		    kind == 1 ? "include" : "substack", directory,
		    unit_random_below(random, 40) == 0 ? 99U : number + 1);
	} else {
		(void)fprintf(file, "%s%s%s ", type,
		    unit_random_below(random, 5) == 0 ? "\t" : " ",
		    PICK_MOSTLY(random, LOOSE, 13));
		write_module(file, random);
	}
	(void)fputs(PICK_MOSTLY(random, ENDS, 6), file);
}

static void
write_file(struct unit_random *random, const char *directory, const char *name,
    unsigned number)
{
	uint32_t lines = 1 + unit_random_below(random, 8);
	char path[SCRATCH_PATH];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	assert_non_null(file);
	while (lines-- > 0)
		write_line(file, random, directory, number);
	/*
	 * None of them is truncated or missing: what Debian's libpam does if an
	 * @include fails within an include depends on uninitialized actions.
	 * Doctor calls both wrong.
	 */
	if (number > 0)
		(void)fputs("password optional pam_permit.so\n", file);
	assert_int_equal(fclose(file), 0);
}

static int
refuse_to_talk(int count, const struct pam_message **messages,
    struct pam_response **responses, void *arg)
{
	(void)count;
	(void)messages;
	(void)responses;
	(void)arg;
	return PAM_CONV_ERR;
}

static void
ask_libpam(const char *directory, int results[PAMLINE_TYPES])
{
	const struct pam_conv conv = {refuse_to_talk, NULL};
	pam_handle_t *pamh = NULL;
	int rc;

	/* It leaks memory for stacks that it cannot read. */
	__lsan_disable();
	rc = pam_start_confdir(SERVICE, "root", &conv, directory, &pamh);
	__lsan_enable();
	for (int i = 0; i < PAMLINE_TYPES; i++)
		results[i] = rc;
	if (rc != PAM_SUCCESS)
		return;
	results[PAMLINE_AUTH] = pam_authenticate(pamh, 0);
	results[PAMLINE_ACCOUNT] = pam_acct_mgmt(pamh, 0);
	results[PAMLINE_SESSION] = pam_open_session(pamh, 0);
	(void)pam_end(pamh, 0);
}

static int
number_of(const char *name)
{
	for (int i = 0; i < PAMLINE_RESULTS; i++) {
		if (strcmp(pamline_result_name(i), name) == 0)
			return i;
	}
	return PAM_SUCCESS;
}

/* What the module would return, by its arguments. */
static int
answer(const struct pamstack_entry *entry, void *arg)
{
	enum pamline_type type = entry->line.type;
	const char *name = ARGUMENTS[type];
	size_t len = strlen(name);

	(void)arg;
	if (pamstack_is(entry, "pam_permit"))
		return PAM_SUCCESS;
	if (pamstack_is(entry, "pam_deny"))
		return type == PAMLINE_SESSION ? PAM_SESSION_ERR : PAM_AUTH_ERR;
	if (!pamstack_is(entry, "pam_debug"))
		return PAM_MODULE_UNKNOWN;
	for (int i = 0; i < entry->line.argc; i++) {
		const char *word = entry->line.argv[i];

		if (strncmp(word, name, len) == 0 && word[len] == '=')
			return number_of(word + len + 1);
	}
	return PAM_SUCCESS;
}

static void
ask_ourselves(const char *directory, int results[PAMLINE_TYPES])
{
	const struct pamstack_places places = {{directory, NULL}};
	struct pamstack stack;

	assert_ok(pamstack_read(&stack, SERVICE, &places, &why));
	for (int i = PAMLINE_AUTH; i <= PAMLINE_SESSION; i++)
		results[i] = pamrun(&stack, (enum pamline_type)i, answer, NULL);
	pamstack_free(&stack);
}

static void
show(const char *directory)
{
	char command[SCRATCH_PATH];

	(void)snprintf(
	    command, sizeof(command), "tail -n +1 %s/* >&2", directory);
	(void)!system(command); /* NOLINT(cert-env33-c): a test's own words */
}

static void
compare(const char *directory, unsigned number)
{
	int ours[PAMLINE_TYPES] = {0}, theirs[PAMLINE_TYPES] = {0};
	bool same = true;

	ask_ourselves(directory, ours);
	ask_libpam(directory, theirs);
	for (int i = PAMLINE_AUTH; i <= PAMLINE_SESSION; i++)
		same = same && ours[i] == theirs[i];
	if (same)
		return;
	show(directory);
	fail_msg("stack %u: libpam says %d %d %d, we say %d %d %d", number,
	    theirs[0], theirs[1], theirs[2], ours[0], ours[1], ours[2]);
}

static void
test_as_libpam(void **state)
{
	const struct scratch *scratch = *state;
	struct unit_random random;
	int count[2] = {0, 0};

	unit_random_start(&random);
	for (unsigned i = 0; i < STACKS; i++) {
		static const char *const FILES[] = {"1", "2", "3", "4"};
		int ours[PAMLINE_TYPES];

		write_file(&random, scratch->directory, SERVICE, 0);
		write_file(&random, scratch->directory, "other", 1);
		for (unsigned j = 0; j < COUNT_OF(FILES); j++)
			write_file(
			    &random, scratch->directory, FILES[j], j + 1);
		compare(scratch->directory, i);
		ask_ourselves(scratch->directory, ours);
		count[ours[PAMLINE_AUTH] == PAM_SUCCESS]++;
	}
	/* Otherwise the stacks test nothing. */
	assert_true(count[0] > STACKS / 10 && count[1] > STACKS / 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_as_libpam, scratch_setup, scratch_teardown),
	};

	return unit_run(tests);
}
