/* What doctor says of stacks: good ones, and everything that can go wrong. */
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "doctor/stack_advice.h"
#include "lib/scratch.h"

#define COMMON_AUTH                                                            \
	"auth [success=1 default=ignore] pam_unix.so nullok\n"                 \
	"auth requisite pam_deny.so\nauth required pam_permit.so\n"            \
	"auth optional pam_cap.so\n"
#define COMMON_ACCOUNT                                                         \
	"account [success=1 new_authtok_reqd=done default=ignore] "            \
	"pam_unix.so\naccount requisite pam_deny.so\n"                         \
	"account required pam_permit.so\n"
#define AUTH "auth [success=2 perm_denied=die default=ignore] pam_apitoken.so\n"
#define CONFINED                                                               \
	"auth [success=2 perm_denied=die default=ignore] pam_apitoken.so "     \
	"confine=child\n"
#define CONFINED_SESSION                                                       \
	"session [success=ok module_unknown=ignore default=bad] "              \
	"pam_apitoken.so confine=child\nsession required pam_unix.so\n"
#define INGROUP                                                                \
	"auth [success=ignore default=1] pam_succeed_if.so user ingroup g\n"
#define ACCOUNT                                                                \
	"account [success=2 ignore=ignore module_unknown=ignore default=die] " \
	"pam_apitoken.so\n"
#define SESSION                                                                \
	"session [success=ok module_unknown=ignore default=bad] "              \
	"pam_apitoken.so\n"
#define COMMON_SESSION "session required pam_unix.so\n"

/* As pam-auth-update writes them, with the lines that they jump over. */
#define END(lines)                                                             \
	"account [success=" #lines " ignore=ignore module_unknown=ignore "     \
	"default=die] pam_apitoken.so\n"
#define UNIX(lines)                                                            \
	"account [success=" #lines " new_authtok_reqd=done default=ignore] "   \
	"pam_unix.so\n"
#define WINBIND(lines)                                                         \
	"account [success=" #lines " new_authtok_reqd=done default=ignore] "   \
	"pam_winbind.so\n"
#define KANIDM(lines)                                                          \
	"account [success=" #lines " new_authtok_reqd=done default=ignore] "   \
	"pam_kanidm.so ignore_unknown_user\n"
#define FALLBACK                                                               \
	"account requisite pam_deny.so\naccount required pam_permit.so\n"

#define DONE                                                                   \
	"auth [success=done perm_denied=die default=ignore] pam_apitoken.so\n"
#define ISLOCAL                                                                \
	"auth [default=1 ignore=ignore success=ok] pam_usertype.so "           \
	"isregular\nauth [default=1 ignore=ignore success=ok] "                \
	"pam_localuser.so\n"
#define LOCAL                                                                  \
	"account sufficient pam_localuser.so\naccount sufficient "             \
	"pam_usertype.so issystem\naccount [default=bad success=ok "           \
	"user_unknown=ignore] pam_sss.so\naccount required pam_permit.so\n"

/* If wrong is NULL, nothing is found. */
struct row {
	const char *text;
	enum report_state state;
	const char *says;
	const char *fix; /* a part of it; NULL: any */
};

static const struct row ROWS[] = {
    {AUTH COMMON_AUTH ACCOUNT COMMON_ACCOUNT SESSION COMMON_SESSION, REPORT_OK,
	NULL, NULL},
    {AUTH "auth substack unix\nauth required pam_permit.so\n", REPORT_WRONG,
	"does not log in", "[success=1 perm_denied=die default=ignore]"},
    {"auth [success=1 perm_denied=die default=ignore] pam_apitoken.so\n"
     "auth substack unix\nauth required pam_permit.so\n",
	REPORT_OK, NULL, NULL},
    {"auth required pam_apitoken.so\n", REPORT_OK, NULL, NULL},
    {COMMON_AUTH AUTH, REPORT_WRONG, "never reaches this line",
	"s:1: auth [success=2 perm_denied=die default=ignore] pam_apitoken"},
    {"auth requisite pam_nologin.so\n" COMMON_AUTH AUTH, REPORT_WRONG,
	"never reaches this line", "put before "},
    /* In its own file, and where that begins with an include. */
    {"auth substack behind\n", REPORT_WRONG, "handed to pam_unix.so",
	"/behind:1: auth [success="},
    {"auth include local\n" AUTH "auth required pam_deny.so\n", REPORT_WRONG,
	"handed to pam_unix.so", "s:1: auth [success=done perm_denied=die"},
    /* pam_nologin says nothing: a jump over all others leaves no success. */
    {"auth requisite pam_nologin.so\n"
     "auth [success=1 perm_denied=die default=ignore] pam_apitoken.so\n"
     "auth required pam_unix.so\n",
	REPORT_WRONG, "does not log in", "should be: auth [success=done"},
    {"auth requisite pam_nologin.so successok\n"
     "auth [success=1 perm_denied=die default=ignore] pam_apitoken.so\n"
     "auth required pam_unix.so\n",
	REPORT_OK, NULL, NULL},
    {AUTH "auth requisite pam_nologin.so\nauth required pam_unix.so\n",
	REPORT_WRONG, "does not log in",
	"s:3: auth [success=done perm_denied=die"},
    {AUTH "auth include login\n", REPORT_WRONG, "skips pam_shells.so",
	"s:1 should be: auth required pam_shells.so, and below it: auth "
	"[success=done perm_denied=die"},
    {END(2) "account required pam_access.so\naccount required "
	    "pam_unix.so\naccount required pam_permit.so\n",
	REPORT_WRONG, "skips pam_access.so",
	"s:3: account [success=1 ignore=ignore"},
    {"session sufficient pam_unix.so\n" SESSION, REPORT_WRONG,
	"never reaches this line", "s:1: session [success=ok"},
    {"auth sufficient pam_unix.so\n" AUTH "auth required pam_deny.so\n",
	REPORT_WRONG, "handed to pam_unix.so", NULL},
    {"auth [success=2 default=ignore] pam_apitoken.so\n" COMMON_AUTH,
	REPORT_WRONG, "a refused token is handed to pam_unix.so",
	"should be: auth [success=2 perm_denied=die default=ignore] "},
    {"auth sufficient pam_apitoken.so need=read\n" COMMON_AUTH, REPORT_WRONG,
	"skips pam_cap.so",
	"[success=2 perm_denied=die default=ignore] pam_apitoken.so need=read"},
    {"auth [success=done perm_denied=die default=ignore] "
     "pam_apitoken.so\n" COMMON_AUTH "auth required pam_access.so\n",
	REPORT_WRONG, "skips pam_access.so", "[success=2 perm_denied=die"},
    {"auth [success=1 perm_denied=die default=ignore] "
     "pam_apitoken.so\n" COMMON_AUTH,
	REPORT_WRONG, "an accepted token does not log in", "[success=2"},
    {"auth [success=3 perm_denied=die default=ignore] "
     "pam_apitoken.so\n" COMMON_AUTH "auth required pam_access.so\n",
	REPORT_OK, NULL, NULL},
    {"auth [success=9 perm_denied=die default=ignore] "
     "pam_apitoken.so\n" COMMON_AUTH,
	REPORT_WRONG, "an accepted token does not log in", "[success=2"},
    {"auth [success=ok default=ignore] pam_apitoken.so\n"
     "auth optional pam_unix.so\nauth required pam_permit.so\n",
	REPORT_WRONG, "a refused token logs in", NULL},
    {"auth [success=ok perm_denied=die default=ignore] pam_apitoken.so\n"
     "auth required pam_permit.so\n",
	REPORT_WRONG, "any password", NULL},
    {"auth [success=2 perm_denied=die auth_err=2 default=ignore] "
     "pam_apitoken.so\n" COMMON_AUTH,
	REPORT_WRONG, "auth_err from pam_apitoken", "[success=2 perm_denied"},
    {"auth [success=2 perm_denied=die default=die] "
     "pam_apitoken.so\n" COMMON_AUTH,
	REPORT_WARNING, "passwords do not log in", "default=ignore"},
    {"auth [success=2 perm_denied=die module_unknown=die default=ignore] "
     "pam_apitoken.so\n" COMMON_AUTH,
	REPORT_WARNING, "be missing", NULL},
    {"auth sufficient pam_permit.so\n" AUTH COMMON_AUTH, REPORT_WRONG,
	"never reaches", NULL},
    {"auth [success=3 perm_denied=die default=ignore] pam_apitoken.so\n"
     "auth [success=2 default=ignore] pam_sss.so\n" COMMON_AUTH,
	REPORT_OK, NULL, NULL},
    {AUTH "auth [success=1 default=ignore] pam_zork.so\n"
	  "auth requisite pam_deny.so\nauth required pam_permit.so\n",
	REPORT_WARNING, "skips pam_zork.so", NULL},
    /* Another way in: with a key or a code, or for a group. */
    {"auth sufficient pam_u2f.so\n" AUTH COMMON_AUTH, REPORT_WARNING,
	"tokens are not looked at (if pam_u2f.so accepts)", NULL},
    {"auth sufficient pam_u2f.so\n" COMMON_AUTH AUTH, REPORT_WRONG,
	"never reaches this line", "s:1: auth [success=3 perm_denied=die"},
    {"auth sufficient pam_oath.so\n" AUTH COMMON_AUTH, REPORT_WARNING,
	"tokens are not looked at (if pam_oath.so accepts)", NULL},
    {"auth sufficient pam_script.so\n" AUTH COMMON_AUTH, REPORT_WARNING,
	"tokens are not looked at (if pam_script.so accepts)", NULL},
    {"auth sufficient pam_google_authenticator.so\n" AUTH COMMON_AUTH,
	REPORT_WARNING,
	"tokens are not looked at (if pam_google_authenticator.so accepts)",
	NULL},
    {"auth sufficient pam_ftp.so\n" AUTH COMMON_AUTH, REPORT_WARNING,
	"tokens are not looked at (if pam_ftp.so accepts)", NULL},
    {"auth sufficient pam_succeed_if.so user ingroup x\n" AUTH COMMON_AUTH,
	REPORT_WARNING, "(if pam_succeed_if.so accepts)", NULL},
    {"auth [success=3 perm_denied=die default=ignore] pam_apitoken.so\n"
     "auth sufficient pam_u2f.so\n" COMMON_AUTH,
	REPORT_OK, NULL, NULL},
    {AUTH "auth sufficient pam_u2f.so\n" COMMON_AUTH, REPORT_WRONG,
	"does not log in", "[success=3 perm_denied=die"},
    {AUTH "auth [success=1 default=ignore] pam_unix.so\n"
	  "auth requisite pam_deny.so\nauth optional pam_zork.so\n",
	REPORT_WARNING, "does not log in (if pam_zork.so refuses)", NULL},
    {AUTH COMMON_AUTH "auth required pam_google_authenticator.so\n", REPORT_OK,
	"pam_google_authenticator.so: is asked about an accepted", NULL},
    {"account sufficient pam_zork.so\n" ACCOUNT COMMON_ACCOUNT, REPORT_WARNING,
	"(if pam_zork.so accepts)", NULL},
    /* A module of unknown purpose is no password that everybody knows. */
    {"auth [success=1 perm_denied=die default=ignore] pam_apitoken.so\n"
     "auth required pam_zork.so\nauth required pam_permit.so\n",
	REPORT_WARNING, "skips pam_zork.so", NULL},
    /* As authselect writes password-auth. */
    {DONE "auth required pam_faildelay.so\nauth required pam_env.so\n" ISLOCAL
	  "auth sufficient pam_unix.so\nauth required pam_deny.so\n",
	REPORT_OK, "skips pam_env.so", NULL},
    {"auth required pam_env.so\n" DONE "auth required pam_env.so\n" ISLOCAL
     "auth sufficient pam_unix.so\nauth sufficient pam_sss.so\n"
     "auth required pam_deny.so\n",
	REPORT_OK, NULL, NULL},
    {DONE "auth required pam_usertype.so isregular\n" COMMON_AUTH, REPORT_WRONG,
	"skips pam_usertype.so", NULL},
    {DONE "auth [success=1 default=ignore] pam_usertype.so isregular\n"
	  "auth requisite pam_deny.so\nauth required pam_unix.so\n",
	REPORT_WRONG, "skips pam_usertype.so", NULL},
    {END(1) "account required pam_unix.so\n" LOCAL, REPORT_OK, NULL, NULL},
    {END(2) "account required pam_access.so\naccount required "
	    "pam_unix.so\n" LOCAL,
	REPORT_WRONG, "skips pam_access.so", NULL},
    {END(4) "account required pam_unix.so\n" LOCAL, REPORT_OK, NULL, NULL},
    {"account required pam_access.so\n" END(
	 2) "account required pam_access.so\naccount required "
	    "pam_unix.so\n" LOCAL,
	REPORT_OK, NULL, NULL},
    {"account required pam_access.so accessfile=/x\n" END(
	 2) "account required pam_access.so\naccount required "
	    "pam_unix.so\n" LOCAL,
	REPORT_WRONG, "skips pam_access.so", NULL},
    /*
     * In setcred pam_succeed_if returns ignore, whatever it returned in auth.
     */
    {INGROUP CONFINED COMMON_AUTH CONFINED_SESSION, REPORT_WARNING,
	"pam_succeed_if.so above may skip this line in setcred",
	"stand first in auth, and ask pam_succeed_if.so in account"},
    {"auth required pam_env.so\n" INGROUP CONFINED COMMON_AUTH CONFINED_SESSION,
	REPORT_WARNING, "pam_succeed_if.so above may skip", NULL},
    {"auth [success=1 ignore=ignore default=ignore] pam_zork.so\n" CONFINED
	    COMMON_AUTH CONFINED_SESSION,
	REPORT_WARNING, "pam_zork.so above may skip", NULL},
    {"auth [success=ok ignore=1 default=bad] pam_zork.so\n" CONFINED COMMON_AUTH
	    CONFINED_SESSION,
	REPORT_WARNING, "pam_zork.so above may skip", NULL},
    /* Then nothing else confines. */
    {INGROUP CONFINED COMMON_AUTH, REPORT_WRONG,
	"no session line confines: a session that must not write can write",
	"add the session line"},
    {INGROUP CONFINED COMMON_AUTH SESSION, REPORT_WRONG,
	"no session line confines", "with the same confine="},
    {INGROUP AUTH COMMON_AUTH, REPORT_OK, NULL, NULL},
    {"auth required pam_env.so\n" CONFINED COMMON_AUTH, REPORT_OK, NULL, NULL},
    {"account required pam_apitoken.so\n" COMMON_ACCOUNT, REPORT_WRONG,
	"judged by pam_unix.so", "[success=2 ignore=ignore"},
    {"account sufficient pam_apitoken.so\n" COMMON_ACCOUNT, REPORT_WRONG,
	"refused here logs in", "[success=2 ignore=ignore"},
    {"account [success=2 ignore=ignore acct_expired=ignore "
     "module_unknown=ignore default=die] pam_apitoken.so\n" COMMON_ACCOUNT,
	REPORT_WRONG, "refused here logs in", "default=die"},
    {"account [success=2 ignore=ignore perm_denied=ignore "
     "module_unknown=ignore default=die] pam_apitoken.so\n" COMMON_ACCOUNT,
	REPORT_WRONG, "refused here logs in", "default=die"},
    {"account [success=3 ignore=ignore module_unknown=ignore default=die] "
     "pam_apitoken.so\naccount required pam_access.so\n" COMMON_ACCOUNT,
	REPORT_WRONG, "skips pam_access.so", NULL},
    {"account [success=2 ignore=ignore default=die] "
     "pam_apitoken.so\n" COMMON_ACCOUNT,
	REPORT_WARNING, "be missing", "module_unknown=ignore"},
    {"account [success=2 module_unknown=ignore default=die] "
     "pam_apitoken.so\n" COMMON_ACCOUNT,
	REPORT_WARNING, "nobody logs in without a token", "ignore=ignore"},
    {"account required pam_apitoken.so\n", REPORT_WARNING,
	"nobody logs in without a token", "only tokens of local users"},
    {"account required pam_apitoken.so\naccount required pam_permit.so\n",
	REPORT_WARNING, "be missing", NULL},
    {ACCOUNT "account requisite pam_deny.so\n", REPORT_WRONG,
	"nobody logs in, with a token or without", NULL},
    /* pam-auth-update's, with account lines of directories. */
    {END(3) UNIX(2) WINBIND(1) FALLBACK, REPORT_OK,
	"pam_winbind.so has no say about users of a directory against whom",
	NULL},
    {END(2) UNIX(2) WINBIND(1) FALLBACK, REPORT_WRONG, "does not log in",
	"[success=3 ignore=ignore"},
    {END(3) KANIDM(2) UNIX(1) FALLBACK, REPORT_OK, "pam_kanidm.so has no say",
	NULL},
    {KANIDM(3) END(2) UNIX(1) FALLBACK, REPORT_WRONG,
	"PAM never reaches this line", NULL},
    {END(3) "account [success=2 user_unknown=ignore default=die] "
	    "pam_kanidm.so\n" UNIX(1) FALLBACK,
	REPORT_WRONG,
	"skips pam_kanidm.so, which refuses other logins of the same user",
	"no control fixes"},
    {END(2) UNIX(1) FALLBACK "account sufficient pam_localuser.so\n"
			     "account [default=bad success=ok "
			     "user_unknown=ignore] pam_sss.so\n",
	REPORT_OK, NULL, NULL},
    {END(4) UNIX(1) FALLBACK "account [default=bad success=ok "
			     "user_unknown=ignore] pam_sss.so\n"
			     "account required pam_permit.so\n",
	REPORT_WRONG, "skips pam_sss.so, which refuses other logins",
	"[success=2 ignore=ignore"},
    {ACCOUNT UNIX(1) "account sufficient pam_ldap.so\n"
		     "account required pam_permit.so\n",
	REPORT_WARNING, "a user whom pam_ldap.so refuses logs in",
	"pam_deny.so"},
    {END(3) "account [success=2 default=ignore] pam_unix.so\n"
	    "account [success=1 user_unknown=1 default=ignore] pam_ldap.so\n"
	    "account requisite pam_deny.so\n"
	    "account required pam_permit.so\n",
	REPORT_WARNING, "a user whom pam_ldap.so does not know logs in", NULL},
    {END(3) "account [success=2 default=ignore] pam_unix.so\n"
	    "account [success=1 authinfo_unavail=1 default=ignore] "
	    "pam_ldap.so\n"
	    "account requisite pam_deny.so\n"
	    "account required pam_permit.so\n",
	REPORT_WARNING, "while pam_ldap.so is down its users log in", NULL},
    {END(3) "account requisite pam_deny.so\n"
	    "account [success=1 default=ignore] pam_ldap.so\n"
	    "account requisite pam_deny.so\n"
	    "account required pam_permit.so\n",
	REPORT_WARNING, "nobody logs in without a token", NULL},
    {"session optional pam_apitoken.so\nsession required pam_unix.so\n",
	REPORT_WRONG, "opened all the same", "default=bad"},
    {"session sufficient pam_apitoken.so\nsession required pam_limits.so\n",
	REPORT_WRONG, "skips pam_limits.so", "success=ok"},
    {"session required pam_apitoken.so\n" COMMON_SESSION, REPORT_WARNING,
	"be missing", "module_unknown=ignore"},
    {SESSION "session required pam_env.so user_readenv=1\n", REPORT_WARNING,
	"before pam_env.so", "move"},
    {"session required pam_env.so\n" SESSION, REPORT_OK, NULL, NULL},
    {AUTH "auth [success=ok auth_err=die default=ignore] pam_unix.so\n"
	  "auth required pam_permit.so\n",
	REPORT_WRONG, "its user_unknown ends in success", "pam_deny.so"},
    {AUTH "auth [success=ok auth_err=die user_unknown=die default=ignore] "
	  "pam_unix.so\nauth required pam_permit.so\n",
	REPORT_WRONG, "its authinfo_unavail ends in success", NULL},
    {"auth [success=1 perm_denied=die default=ignore] pam_apitoken.so\n"
     "auth [success=ok auth_err=die user_unknown=die authinfo_unavail=die "
     "default=ignore] pam_unix.so\nauth required pam_permit.so\n",
	REPORT_OK, NULL, NULL},
    {"auth [success=ignore default=3] pam_succeed_if.so user ingroup x\n" AUTH
	    COMMON_AUTH,
	REPORT_WRONG, "pam_succeed_if.so: if it fails, any password", "jump"},
    {AUTH "auth [success=ignore perm_denied=2 default=ignore] "
	  "pam_zork.so\n" COMMON_AUTH,
	REPORT_WRONG, "pam_zork.so: if it fails, any password", NULL},
    {"auth [success=ignore default=1] pam_succeed_if.so user ingroup x\n" AUTH
	    COMMON_AUTH,
	REPORT_OK, NULL, NULL},
    {"auth optional pam_exec.so expose_authtok /bin/x\n" AUTH COMMON_AUTH,
	REPORT_WARNING, "is handed the token, every one", "jumps over"},
    {AUTH COMMON_AUTH "auth optional pam_exec.so expose_authtok /bin/x\n",
	REPORT_WARNING, "is handed the token, if accepted", NULL},
    {"auth [success=3 perm_denied=die default=ignore] pam_apitoken.so\n"
     "auth optional pam_exec.so expose_authtok /bin/x\n" COMMON_AUTH,
	REPORT_OK, NULL, NULL},
    {"auth optional pam_exec.so /bin/x\n" AUTH COMMON_AUTH, REPORT_OK, NULL,
	NULL},
    {AUTH AUTH COMMON_AUTH, REPORT_WARNING, "twice", NULL},
};

static void
write_text(const struct scratch *scratch, const char *name, const char *text)
{
	scratch_write(
	    scratch_path(scratch, name), text, strlen(text), S_IRUSR | S_IWUSR);
}

static void
judge(const struct scratch *scratch, struct report *report)
{
	const struct pamstack_places places = {{scratch->directory, NULL}};
	struct pamstack stack;

	assert_ok(pamstack_read(&stack, "s", &places, &why));
	stack_judge(report, &stack);
	pamstack_free(&stack);
}

static bool
has_finding(const struct report *report, const struct row *row)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct report_finding *one = &report->findings[i];

		if (one->state == row->state &&
		    strstr(one->text.text, row->says) != NULL &&
		    (row->fix == NULL ||
			strstr(one->fix.text, row->fix) != NULL))
			return true;
	}
	return false;
}

static void
show(const struct report *report)
{
	for (size_t i = 0; i < report->count; i++)
		print_error("# %d %s | %s\n", report->findings[i].state,
		    report->findings[i].text.text,
		    report->findings[i].fix.text);
}

static void
test_rows(void **state)
{
	const struct scratch *scratch = *state;
	int bad = 0;

	write_text(scratch, "unix", "auth required pam_unix.so\n");
	write_text(scratch, "local", "auth sufficient pam_unix.so\n");
	write_text(scratch, "behind",
	    "auth sufficient pam_unix.so\n" AUTH "auth required pam_deny.so\n");
	write_text(scratch, "login",
	    "auth required pam_shells.so\nauth required pam_unix.so\n");
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		const struct row *row = &ROWS[i];
		struct report report = {0};
		bool fits;

		write_text(scratch, "s", row->text);
		judge(scratch, &report);
		fits = row->says == NULL ? report.count == 0
					 : has_finding(&report, row);
		if (!fits) {
			show(&report);
			print_error("%s", row->text);
			bad++;
		}
		report_free(&report);
	}
	assert_int_equal(bad, 0);
}

/* Whatever the input, it ends, and stays within its memory. */
static void
test_mutated(void **state)
{
	static const char WHOLE[] = AUTH
	    "@include unix\n" COMMON_AUTH ACCOUNT
	    "account substack s\n" COMMON_ACCOUNT SESSION
	    "session [success=ok default=1] \\\n pam_env.so [a b]\n"
	    "auth include unix\n";
	static const char ODD[] = "[]\\#\n\r\t =-@129";
	const struct scratch *scratch = *state;
	struct unit_random random;

	unit_random_start(&random);
	for (unsigned i = 0; i < 500; i++) {
		char text[sizeof(WHOLE)];
		struct report report = {0};
		size_t len = strlen(WHOLE);

		memcpy(text, WHOLE, sizeof(text));
		for (uint32_t n = unit_random_below(&random, 8); n > 0; n--) {
			size_t at = unit_random_below(&random, (uint32_t)len);

			text[at] =
			    ODD[unit_random_below(&random, sizeof(ODD) - 1)];
			if (unit_random_below(&random, 4) == 0)
				text[at] = (char)unit_random_below(
				    &random, 256);
		}
		if (unit_random_below(&random, 4) == 0)
			len = unit_random_below(&random, (uint32_t)len);
		scratch_write(
		    scratch_path(scratch, "s"), text, len, S_IRUSR | S_IWUSR);
		write_text(scratch, "unix",
		    i % 3 == 0 ? COMMON_AUTH : "auth include s\n");
		judge(scratch, &report);
		report_free(&report);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_rows, scratch_setup, scratch_teardown),
	    cmocka_unit_test_setup_teardown(
		test_mutated, scratch_setup, scratch_teardown),
	};

	return unit_run(tests);
}
