/* doctor: sshd's settings, for each owner of tokens. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"
#include "doctor/sshd_config.h"
#include "doctor/sshd_settings.h"
#include "doctor/sshd_verdict.h"
#include "doctor/token_owners.h"
#include "pam/pamconf.h"

#define SHOWN 5 /* of a list */
#define LIST_SIZE 256

/* What holds for whom. */
struct judged {
	struct token_owners owners;
	struct sshd_verdict verdicts[TOKEN_OWNERS_MAX];
	bool has_match;
};

/* Adds a word to a list, the first of them only. */
static void
add_word(char list[LIST_SIZE], size_t count, const char *word, const char *gap)
{
	size_t len = strlen(list);

	if (count < SHOWN)
		(void)snprintf(list + len, LIST_SIZE - len, "%s%.40s%s",
		    len > 0 ? gap : "", word, strlen(word) > 40 ? "..." : "");
}

static void
end_list(char list[LIST_SIZE], size_t count, const char *gap)
{
	size_t len = strlen(list);

	if (count > SHOWN)
		(void)snprintf(list + len, LIST_SIZE - len, "%s%zu more", gap,
		    count - SHOWN);
}

/* Limits on who logs in: not a fault, but a common reason for refusals. */
static void
tell_limits(struct doctor *doctor, const char *said)
{
	static const char *const NAMES[][2] = {{"allowusers", "AllowUsers"},
	    {"denyusers", "DenyUsers"}, {"allowgroups", "AllowGroups"},
	    {"denygroups", "DenyGroups"}, {"forcecommand", "ForceCommand"}};

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		char value[SSHD_VALUE_SIZE], list[LIST_SIZE] = "";
		const char *rest = said;
		size_t count = 0;

		while (sshd_settings_next(&rest, NAMES[i][0], value)) {
			if (strcmp(value, "none") != 0)
				add_word(list, count++, value, " ");
		}
		end_list(list, count, " and ");
		if (count > 0)
			report_add(&doctor->report, REPORT_NOTE,
			    "%s %s: it counts for tokens, too", NAMES[i][1],
			    list);
	}
}

static const char *
value_for(enum sshd_fault fault)
{
	switch (fault) {
	case SSHD_NO_PAM:
	case SSHD_NO_METHOD:
		return "yes";
	case SSHD_MORE_METHODS:
	case SSHD_OTHER_METHODS:
		return "... with password or keyboard-interactive alone as one "
		       "of them";
	default:
		return NULL;
	}
}

/* For whom a fault is mended. */
struct scope {
	const struct sshd_login *login; /* one of them; NULL: everybody */
	const char *patterns;           /* for Match User */
	bool is_some;   /* others log in: a line for all would let in more */
	bool has_match; /* the settings differ already */
};

/*
 * Names the line that takes effect; or, without one, where to add it; or a
 * Match block for those who need it.
 */
static void
fix_setting(struct report *report, const char *name, const char *value,
    const struct scope *scope, bool is_global)
{
	static const char RELOAD[] = "then systemctl reload ssh";
	struct setting place;
	bool in_match = false,
	     is_there = scope->login != NULL
	    ? sshd_config_find_for(scope->login, name, &place, &in_match)
	    : sshd_config_find(name, &place),
	     may_match = scope->login != NULL && !is_global && !in_match;

	if (scope->is_some && may_match)
		report_fix(report,
		    "at the end of %s: Match User %s, and below it: %s %s; %s",
		    SSHD_CONFIG, scope->patterns, name, value, RELOAD);
	else if (scope->has_match && may_match && is_there)
		report_fix(report,
		    "%s:%zu should be: %s %s; or, for them alone, at the end "
		    "of %s: Match User %s, and below it: %s %s; %s",
		    place.file, place.number, name, value, SSHD_CONFIG,
		    scope->patterns, name, value, RELOAD);
	else if (is_there)
		report_fix(report, "%s:%zu should be: %s %s; %s", place.file,
		    place.number, name, value, RELOAD);
	else
		report_fix(report, "at the top of %s: %s %s; %s", SSHD_CONFIG,
		    name, value, RELOAD);
}

/* Who is kept out on purpose is shown the line, not how to change it. */
static void
fix_limit(struct report *report, const char *name, const struct scope *scope)
{
	struct setting place;
	bool in_match;

	if (scope->login != NULL &&
	    sshd_config_find_for(scope->login, name, &place, &in_match))
		report_fix(report,
		    "%s:%zu: %s; or issue the token for other services",
		    place.file, place.number, name);
	else
		report_fix(report,
		    "set %s in %s; or issue the token for other services", name,
		    SSHD_CONFIG);
}

static void
fix_fault(struct doctor *doctor, const struct sshd_verdict *verdict,
    enum sshd_fault fault, const struct scope *scope)
{
	const char *value = value_for(fault);
	struct report *report = &doctor->report;

	if (fault == SSHD_NO_SHELL)
		report_fix(report, "usermod --shell /bin/bash USER");
	else if (value == NULL)
		fix_limit(report, verdict->setting[fault], scope);
	else
		fix_setting(report, verdict->setting[fault], value, scope,
		    fault == SSHD_NO_PAM);
}

static enum report_state
state_of(enum sshd_fault fault)
{
	return fault == SSHD_NO_PAM || fault == SSHD_NO_METHOD ||
		fault == SSHD_OTHER_METHODS
	    ? REPORT_WRONG
	    : REPORT_WARNING;
}

/* Those who have a fault. */
struct faulty {
	char list[LIST_SIZE], patterns[LIST_SIZE]; /* names */
	size_t count;
	bool is_sure;                       /* of one of them at least */
	const struct sshd_verdict *verdict; /* of the first; NULL: nobody */
	struct sshd_login login;
};

static void
find_faulty(
    struct faulty *faulty, const struct judged *judged, enum sshd_fault fault)
{
	const struct token_owners *owners = &judged->owners;

	*faulty = (struct faulty){0};
	for (size_t i = 0; i < owners->count; i++) {
		const struct sshd_verdict *verdict = &judged->verdicts[i];
		const char *user = owners->users[i];

		if (!verdict->has[fault])
			continue;
		add_word(faulty->list, faulty->count, user, ", ");
		add_word(faulty->patterns, faulty->count++, user, ",");
		faulty->is_sure = faulty->is_sure || verdict->refuses;
		if (faulty->verdict != NULL)
			continue;
		faulty->verdict = verdict;
		faulty->login.user = user;
	}
	end_list(faulty->list, faulty->count, " and ");
	end_list(faulty->patterns, faulty->count, " and ");
}

/*
 * Reports a fault once, with those who have it. A Match block that may or may
 * not hold for them makes a warning of it.
 */
static void
report_fault(
    struct doctor *doctor, const struct judged *judged, enum sshd_fault fault)
{
	struct faulty faulty;
	enum report_state state;
	struct scope scope = {.login = &faulty.login,
	    .patterns = faulty.patterns,
	    .has_match = judged->has_match};
	bool is_named;

	find_faulty(&faulty, judged, fault);
	if (faulty.verdict == NULL)
		return;
	state = faulty.is_sure ? state_of(fault) : REPORT_WARNING;
	scope.is_some = faulty.count < judged->owners.count;
	is_named = scope.is_some || scope.has_match || state == REPORT_WARNING;
	report_add(&doctor->report, state, "%s%s%s%s", is_named ? "for " : "",
	    is_named ? faulty.list : "", is_named ? ": " : "",
	    faulty.verdict->text[fault].text);
	fix_fault(doctor, faulty.verdict, fault, &scope);
}

/* A Match block that may matter to somebody; of whom: NULL is nobody known. */
static void
warn_of_match(struct doctor *doctor, const struct sshd_login *login)
{
	struct setting block;

	if (!sshd_config_find_unknown(login, &block))
		return;
	report_add(&doctor->report, REPORT_WARNING,
	    "%s:%zu: Match %s: other settings may hold for some logins",
	    block.file, block.number, block.value);
	report_fix(&doctor->report,
	    "tokenadm doctor --login USER --from ADDRESS sshd judges one of "
	    "them");
}

/* Nobody has tokens: what holds outside of Match blocks. */
static void
judge_everybody(struct doctor *doctor, const char *said)
{
	const struct scope everybody = {.login = NULL};
	struct sshd_verdict verdict;

	sshd_verdict_make(&verdict, said, NULL);
	for (size_t i = 0; i < SSHD_FAULTS; i++) {
		enum sshd_fault fault = (enum sshd_fault)i;
		struct setting block;

		if (!verdict.has[i])
			continue;
		report_add(&doctor->report,
		    fault != SSHD_NO_PAM &&
			    sshd_config_find_unknown(NULL, &block)
			? REPORT_WARNING
			: state_of(fault),
		    "%s", verdict.text[i].text);
		fix_fault(doctor, &verdict, fault, &everybody);
	}
	warn_of_match(doctor, NULL);
}

/* Each owner's settings differ only if there are Match blocks. */
static enum err
judge_owner(
    struct judged *judged, size_t which, const char *said, struct error *why)
{
	struct sshd_login login = {.user = judged->owners.users[which]};
	char *own = NULL;
	enum err rc = ERR_OK;

	sshd_settings_login(said, &login);
	if (judged->has_match)
		rc = sshd_settings_read(&own, &login, why);
	if (rc == ERR_OK)
		sshd_verdict_make(
		    &judged->verdicts[which], own != NULL ? own : said, &login);
	free(own);
	return rc;
}

static void
judge_owners(struct doctor *doctor, struct judged *judged, const char *said)
{
	struct error why = {""};
	bool is_warned = false;

	for (size_t i = 0; i < judged->owners.count; i++) {
		if (judge_owner(judged, i, said, &why) != ERR_OK) {
			report_error(&doctor->report, REPORT_WARNING, &why);
			return;
		}
	}
	for (size_t i = 0; i < SSHD_FAULTS; i++)
		report_fault(doctor, judged, (enum sshd_fault)i);
	for (size_t i = 0; i < judged->owners.count && !is_warned; i++) {
		struct sshd_login login = {.user = judged->owners.users[i]};
		size_t before = doctor->report.count;

		sshd_settings_login(said, &login);
		warn_of_match(doctor, &login);
		is_warned = doctor->report.count > before;
	}
}

static void
judge_settings(struct doctor *doctor, const char *said, const char *service)
{
	struct judged *judged = calloc(1, sizeof(*judged));
	struct report *report = &doctor->report;
	size_t before = report->count;
	struct setting place;

	if (judged == NULL) {
		report->is_cut = true;
		return;
	}
	token_owners_find(&judged->owners, doctor, service);
	judged->has_match = sshd_config_find("Match", &place);
	if (judged->owners.count == 0)
		judge_everybody(doctor, said);
	else
		judge_owners(doctor, judged, said);
	if (report->count == before)
		report_add(report, REPORT_OK, "takes what PAM takes");
	if (judged->owners.more > 0)
		report_add(report, REPORT_NOTE,
		    "%zu more owners of tokens were not looked at",
		    judged->owners.more);
	tell_limits(doctor, said);
	free(judged);
	doctor_sshd_penalties(report, said);
}

static void
judge_said(struct doctor *doctor, const char *said)
{
	char name[SSHD_VALUE_SIZE];

	sshd_settings_service(said, name);
	if (doctor->service != NULL
		? strcmp(doctor->service, name) != 0
		: !pamconf_takes_tokens(name) && !pamconf_takes_tokens("sshd"))
		return;
	if (strcmp(name, "sshd") != 0)
		report_add(&doctor->report,
		    pamconf_takes_tokens(name) ? REPORT_OK : REPORT_WRONG,
		    "PAMServiceName %s: tokens have to be issued for it, and "
		    "its stack is /etc/pam.d/%s",
		    name, name);
	judge_settings(doctor, said, name);
}

bool
doctor_concerns_sshd(const struct doctor *doctor)
{
	struct setting place;

	return doctor_wants(doctor, "sshd") ||
	    sshd_config_find("PAMServiceName", &place);
}

void
doctor_sshd(struct doctor *doctor)
{
	struct error why = {""};
	char *said;
	enum err rc;

	if (!doctor_concerns_sshd(doctor))
		return;
	report_set_area(&doctor->report, "sshd");
	rc = sshd_settings_read(&said, NULL, &why);
	if (rc == ERR_OK)
		judge_said(doctor, said);
	else if (rc != ERR_CONFIG && rc != ERR_NOT_FOUND)
		report_error(&doctor->report, REPORT_WARNING, &why);
	else if (rc == ERR_CONFIG &&
	    (doctor->service == NULL ? pamconf_takes_tokens("sshd")
				     : doctor_wants(doctor, "sshd")))
		report_add(&doctor->report, REPORT_WARNING,
		    "cannot read its settings: sshd -T says: %s", why.text);
	free(said);
}
