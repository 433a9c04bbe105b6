#include "pam/pam_modules.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <security/pam_appl.h>

#include "pam/own_lines.h"

#define PATH_SIZE 1024
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* In auth these get the password, and judge it. */
static const char *const PASSWORDS[] = {"pam_unix", "pam_authd",
    "pam_authd_exec", "pam_ccreds", "pam_himmelblau", "pam_kanidm", "pam_krb5",
    "pam_ldap", "pam_mysql", "pam_pgsql", "pam_pwdfile", "pam_radius",
    "pam_radius_auth", "pam_smbpass", "pam_sss", "pam_systemd_home",
    "pam_tacplus", "pam_unix2", "pam_userdb", "pam_winbind"};

/* A login with a token must pass these like any other. */
static const char *const KEEPERS[] = {"pam_access", "pam_cap", "pam_env",
    "pam_exec", "pam_faildelay", "pam_group", "pam_keyinit", "pam_lastlog",
    "pam_limits", "pam_listfile", "pam_localuser", "pam_loginuid",
    "pam_mkhomedir", "pam_namespace", "pam_nologin", "pam_securetty",
    "pam_selinux", "pam_sepermit", "pam_shells", "pam_slurm", "pam_slurm_adopt",
    "pam_succeed_if", "pam_systemd", "pam_tally2", "pam_time", "pam_tty_audit",
    "pam_umask", "pam_usertype", "pam_wheel"};

/* Those of them that only say yes or no. */
static const char *const JUDGES[] = {"pam_access", "pam_listfile",
    "pam_localuser", "pam_nologin", "pam_securetty", "pam_sepermit",
    "pam_shells", "pam_succeed_if", "pam_time", "pam_usertype", "pam_wheel"};

/* In auth and account these never say no. */
static const char *const MILD[] = {"pam_env", "pam_faildelay"};

/* Outside session these return ignore if they have nothing against a login. */
static const char *const SILENT[] = {"pam_env", "pam_faildelay", "pam_group",
    "pam_issue", "pam_keyinit", "pam_nologin", "pam_sepermit", "pam_wheel"};

/* In auth these want more than a password: a key to touch, or a code. */
static const char *const FACTORS[] = {"pam_duo", "pam_google_authenticator",
    "pam_oath", "pam_otpw", "pam_u2f", "pam_yubico"};

/* These let some users in without a password; assume that they do not. */
static const char *const OTHERWISE[] = {"pam_rootok", "pam_rhosts",
    "pam_rhosts_auth", "pam_ssh_agent_auth", "pam_fprintd", "pam_pkcs11",
    "pam_gdm"};

static bool
is_one_of(
    const struct pamstack_entry *entry, const char *const names[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (pamstack_is(entry, names[i]))
			return true;
	}
	return false;
}

enum module_kind
module_kind_of(const struct pamstack_entry *entry)
{
	bool judges = entry->line.type == PAMLINE_AUTH
	    ? is_one_of(entry, PASSWORDS, COUNT_OF(PASSWORDS))
	    : entry->line.type == PAMLINE_ACCOUNT &&
		pamstack_is(entry, "pam_unix");

	if (pamstack_is(entry, STACK_MODULE))
		return MODULE_OWN;
	if (judges)
		return MODULE_PASSWORD;
	if (pamstack_is(entry, "pam_deny") ||
	    pamstack_is(entry, "pam_permit") ||
	    pamstack_is(entry, "pam_warn") ||
	    pamstack_is(entry, "pam_faillock") ||
	    is_one_of(entry, OTHERWISE, COUNT_OF(OTHERWISE)))
		return MODULE_FIXED;
	/* Outside auth, password modules judge accounts and sessions. */
	if (entry->line.type == PAMLINE_ACCOUNT &&
	    is_one_of(entry, PASSWORDS, COUNT_OF(PASSWORDS)))
		return MODULE_DIRECTORY;
	if (is_one_of(entry, KEEPERS, COUNT_OF(KEEPERS)) ||
	    is_one_of(entry, PASSWORDS, COUNT_OF(PASSWORDS)))
		return MODULE_KEEPER;
	return MODULE_UNKNOWN;
}

int
module_answer_of(const struct pamstack_entry *entry)
{
	if (pamstack_is(entry, "pam_deny"))
		return entry->line.type == PAMLINE_SESSION ? PAM_SESSION_ERR
							   : PAM_AUTH_ERR;
	if (pamstack_is(entry, "pam_warn"))
		return PAM_IGNORE;
	if (pamstack_is(entry, "pam_faillock") &&
	    pamline_has_word(&entry->line, "authfail"))
		return PAM_AUTH_ERR;
	if (is_one_of(entry, OTHERWISE, COUNT_OF(OTHERWISE)))
		return PAM_AUTH_ERR;
	if (entry->line.type != PAMLINE_SESSION &&
	    is_one_of(entry, SILENT, COUNT_OF(SILENT)) &&
	    !pamline_has_word(&entry->line, "successok"))
		return PAM_IGNORE;
	return PAM_SUCCESS;
}

static bool
refuses(int action)
{
	return action == PAMLINE_DO_BAD || action == PAMLINE_DO_DIE;
}

bool
module_is_alternative(const struct pamstack_entry *entry)
{
	const int *actions = entry->line.actions;
	enum module_kind kind = module_kind_of(entry);
	bool ends = actions[PAM_SUCCESS] == PAMLINE_DO_DONE ||
	    actions[PAM_SUCCESS] > 0;

	return entry->line.kind == PAMLINE_MODULE &&
	    entry->line.type != PAMLINE_SESSION &&
	    (kind == MODULE_UNKNOWN || (kind == MODULE_KEEPER && ends)) &&
	    !refuses(actions[module_refusal_of(entry)]);
}

int
module_refusal_of(const struct pamstack_entry *entry)
{
	return entry->line.type == PAMLINE_ACCOUNT ? PAM_PERM_DENIED
						   : PAM_AUTH_ERR;
}

bool
module_only_judges(const struct pamstack_entry *entry)
{
	return is_one_of(entry, JUDGES, COUNT_OF(JUDGES));
}

bool
module_is_mild(const struct pamstack_entry *entry)
{
	/* Only a local owner's token makes our account line jump. */
	if (entry->line.type == PAMLINE_ACCOUNT && entry->line.argc == 0 &&
	    pamstack_is(entry, "pam_localuser"))
		return true;
	return entry->line.type != PAMLINE_SESSION &&
	    is_one_of(entry, MILD, COUNT_OF(MILD));
}

bool
module_is_factor(const struct pamstack_entry *entry)
{
	return entry->line.type == PAMLINE_AUTH &&
	    is_one_of(entry, FACTORS, COUNT_OF(FACTORS));
}

bool
module_hands_on(const struct pamstack_entry *entry)
{
	return entry->line.type == PAMLINE_AUTH &&
	    pamstack_is(entry, "pam_exec") &&
	    pamline_has_word(&entry->line, "expose_authtok");
}

/* A path with libpam's own variable is not checked. */
static bool
is_missing(const char *path)
{
	static const char *const PLACES[] = {
	    PAM_DIR, "/lib/security", "/usr/lib/security"};
	char whole[PATH_SIZE];

	if (strchr(path, '$') != NULL)
		return false;
	if (path[0] == '/')
		return access(path, F_OK) != 0;
	for (size_t i = 0; i < COUNT_OF(PLACES); i++) {
		(void)snprintf(whole, sizeof(whole), "%s/%s", PLACES[i], path);
		if (access(whole, F_OK) == 0)
			return false;
	}
	return true;
}

void
modules_note_missing(struct pamstack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		struct pamstack_entry *entry = &stack->entries[i];

		entry->is_missing = entry->line.kind == PAMLINE_MODULE &&
		    is_missing(entry->line.path);
	}
}
