#include "doctor/sshd_verdict.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "doctor/sshd_config.h"
#include "doctor/sshd_settings.h"

static void
blame(struct sshd_verdict *verdict, enum sshd_fault fault, const char *setting,
    const char *text)
{
	if (verdict->has[fault])
		return;
	verdict->has[fault] = true;
	verdict->setting[fault] = setting;
	(void)error_set(&verdict->text[fault], ERR_OK, "%s", text);
}

/* Whether this method takes tokens, and is on. */
static bool
takes_tokens(const char *said, const char *method)
{
	if (strcmp(method, "password") == 0)
		return sshd_settings_are(said, "passwordauthentication", "yes");
	return (strcmp(method, "keyboard-interactive") == 0 ||
		   strcmp(method, "keyboard-interactive:pam") == 0) &&
	    sshd_settings_are(said, "kbdinteractiveauthentication", "yes");
}

/* AuthenticationMethods: lists of methods, each list needs all of its own. */
static void
judge_methods(struct sshd_verdict *verdict, const char *said)
{
	static const char NAME[] = "AuthenticationMethods";
	const char *from = said;
	char value[SSHD_VALUE_SIZE], *rest = value, *list;
	bool alone = false, among = false;

	if (!sshd_settings_next(&from, "authenticationmethods", value) ||
	    strcmp(value, "any") == 0)
		return;
	while ((list = strsep(&rest, " ")) != NULL) {
		alone = alone || takes_tokens(said, list);
		among = among || strstr(list, "password") != NULL ||
		    strstr(list, "keyboard-interactive") != NULL;
	}
	if (alone)
		return;
	if (among)
		blame(verdict, SSHD_MORE_METHODS, NAME,
		    "AuthenticationMethods asks for more than a token");
	else
		blame(verdict, SSHD_OTHER_METHODS, NAME,
		    "AuthenticationMethods lets in by no method that takes "
		    "tokens");
}

/* What the entries of a list say together. */
static enum sshd_match
match_entries(const char *said, const char *name,
    const struct sshd_login *login, bool of_groups, bool *is_there)
{
	enum sshd_match all = SSHD_MATCH_NO;
	char value[SSHD_VALUE_SIZE];

	*is_there = false;
	while (sshd_settings_next(&said, name, value)) {
		enum sshd_match one = of_groups ? sshd_match_group(login, value)
						: sshd_match_user(login, value);

		*is_there = true;
		if (one == SSHD_MATCH_YES)
			return one;
		if (one == SSHD_MATCH_UNKNOWN)
			all = one;
	}
	return all;
}

/* Lists of users and groups, in sshd's order. */
static void
judge_lists(struct sshd_verdict *verdict, const char *said,
    const struct sshd_login *login)
{
	static const struct {
		const char *key, *name, *text;
		bool allows, of_groups;
	} LISTS[] = {
	    {"denyusers", "DenyUsers", "DenyUsers keeps this user out", false,
		false},
	    {"allowusers", "AllowUsers", "AllowUsers does not let this user in",
		true, false},
	    {"denygroups", "DenyGroups", "DenyGroups keeps this user out",
		false, true},
	    {"allowgroups", "AllowGroups",
		"AllowGroups does not let this user in", true, true},
	};

	for (size_t i = 0; i < sizeof(LISTS) / sizeof(LISTS[0]); i++) {
		bool is_there;
		enum sshd_match match = match_entries(
		    said, LISTS[i].key, login, LISTS[i].of_groups, &is_there);

		if (is_there && match == SSHD_MATCH_UNKNOWN)
			(void)error_set(&verdict->unknown, ERR_OK,
			    "%s: it depends on the client's %s", LISTS[i].name,
			    login->from == NULL
				? "address, which --from would say"
				: "name");
		else if (is_there &&
		    (match == SSHD_MATCH_YES) != LISTS[i].allows)
			blame(verdict, SSHD_NOT_ALLOWED, LISTS[i].name,
			    LISTS[i].text);
	}
}

static void
judge_account(struct sshd_verdict *verdict, const char *said,
    const struct sshd_login *login)
{
	const struct passwd *entry = getpwnam(login->user);

	if (entry == NULL)
		return;
	if (entry->pw_uid == 0 &&
	    !sshd_settings_are(said, "permitrootlogin", "yes"))
		blame(verdict, SSHD_NOT_ALLOWED, "PermitRootLogin",
		    "PermitRootLogin lets root in by no token");
	if (entry->pw_shell[0] != '\0' && access(entry->pw_shell, X_OK) != 0 &&
	    sshd_settings_are(said, "chrootdirectory", "none"))
		blame(verdict, SSHD_NO_SHELL, NULL,
		    "sshd keeps out who has a shell that is not there");
}

/* A Match block changes all but UsePAM. */
static void
conclude(struct sshd_verdict *verdict, const struct sshd_login *login)
{
	struct setting block;
	bool is_open = login != NULL && sshd_config_find_unknown(login, &block);

	if (is_open)
		(void)error_set(&verdict->unknown, ERR_OK,
		    "%s:%zu: whether `Match %s` holds is not known here",
		    block.file, block.number, block.value);
	verdict->refuses = verdict->has[SSHD_NO_PAM];
	for (size_t i = 0; i < SSHD_FAULTS && !is_open; i++)
		verdict->refuses = verdict->refuses || verdict->has[i];
}

void
sshd_verdict_make(struct sshd_verdict *verdict, const char *said,
    const struct sshd_login *login)
{
	*verdict = (struct sshd_verdict){0};
	if (!sshd_settings_are(said, "usepam", "yes"))
		blame(verdict, SSHD_NO_PAM, "UsePAM",
		    "UsePAM no: sshd does not ask PAM");
	if (!sshd_settings_are(said, "passwordauthentication", "yes") &&
	    !sshd_settings_are(said, "kbdinteractiveauthentication", "yes"))
		blame(verdict, SSHD_NO_METHOD, "KbdInteractiveAuthentication",
		    "neither PasswordAuthentication nor "
		    "KbdInteractiveAuthentication: no token can be sent");
	judge_methods(verdict, said);
	if (login != NULL) {
		judge_lists(verdict, said, login);
		judge_account(verdict, said, login);
	}
	conclude(verdict, login);
}
