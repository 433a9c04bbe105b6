#include "truth.h"

#include <string.h>

#include "fuzz.h"

#define BOTH (TRUTH_READ | TRUTH_WRITE)
#define GOOD MACHINE_CONFIG_GOOD
#define YES ANSWER_ACCEPT
#define NO ANSWER_REFUSE

const struct truth_line truth_lines[TRUTH_LINES] = {
    {{0}, GOOD, 0, YES, BOTH, 0},
    {{"need=read"}, GOOD, 0, YES, TRUTH_READ, 0},
    {{"need=admin, read"}, GOOD, 0, YES, TRUTH_ADMIN | TRUTH_READ, 0},
    {{"need=read", "debug"}, GOOD, 1, YES, TRUTH_READ, 0},
    {{"need=write"}, GOOD, 1, YES, TRUTH_WRITE, 0},
    {{"confine=child", "debug"}, GOOD, 2, YES, BOTH, CONFINE_CHILD},
    {{"confine=process"}, GOOD, 0, YES, BOTH, CONFINE_PROCESS},
    {{"need=write", "confine=process"}, GOOD, 0, YES, TRUTH_WRITE,
	CONFINE_PROCESS},
    {{"need=read", "confine=child"}, GOOD, 1, YES, TRUTH_READ, CONFINE_CHILD},
    {{"need="}, GOOD, 0, NO, 0, 0},
    {{"bogus"}, GOOD, 1, NO, 0, 0},
    {{"need=read", "need=read"}, GOOD, 0, NO, 0, 0},
    {{0}, MACHINE_CONFIG_BAD, 0, YES, BOTH, 0},
    {{0}, MACHINE_CONFIG_MISSING, 0, YES, BOTH, 0},
    {{0}, MACHINE_CONFIG_OTHER, 0, YES, BOTH, 0},
    {{0}, -1, 0, YES, BOTH, 0},
    {{"config=relative"}, -1, 0, NO, 0, 0},
    {{0}, GOOD, 0, ANSWER_EITHER, TRUTH_NOT_KNOWN, 0},
};

const struct truth_host truth_hosts[TRUTH_HOSTS] = {
    {NULL, false},
    {"", false},
    {"10.1.2.3", true},
    {"::ffff:10.9.9.9", true},
    {"192.0.2.1", false},
    {"fe80::1%eth0", false},
    {"10.1.2.3.example.org", false},
    {"11.0.0.0", false},
};

unsigned
truth_config(const struct truth_line *line)
{
	return line->config >= 0 ? (unsigned)line->config
				 : MACHINE_CONFIG_OTHER;
}

enum answer
truth_both(enum answer a, enum answer b)
{
	if (a == ANSWER_REFUSE || b == ANSWER_REFUSE)
		return ANSWER_REFUSE;
	return a == ANSWER_ACCEPT ? b : a;
}

static enum answer
answer_of(bool is_true)
{
	return is_true ? ANSWER_ACCEPT : ANSWER_REFUSE;
}

/* Whether a comma-separated list of words has the word. */
static bool
has_word(const char *list, const char *word)
{
	const char *at = list;
	size_t len = strlen(word);

	while (len > 0 && (at = strstr(at, word)) != NULL) {
		if ((at == list || at[-1] == ',') &&
		    (at[len] == ',' || at[len] == '\0'))
			return true;
		at++;
	}
	return false;
}

static bool
is_for(const struct record *record, const char *service)
{
	if (service == NULL || strchr(service, ',') != NULL)
		return service != NULL && has_word(record->services, "any");
	return has_word(record->services, "any") ||
	    has_word(record->services, service) ||
	    (has_word(record->services, "@mail") &&
		(strcmp(service, "imap") == 0 || strcmp(service, "pop3") == 0));
}

static unsigned
scopes_of(const struct record *record)
{
	return (has_word(record->scopes, "read") ? TRUTH_READ : 0) |
	    (has_word(record->scopes, "write") ? TRUTH_WRITE : 0) |
	    (has_word(record->scopes, "admin") ? TRUTH_ADMIN : 0);
}

static enum answer
has_scopes(const struct record *record, unsigned need)
{
	if (need == TRUTH_NOT_KNOWN)
		return ANSWER_EITHER;
	return answer_of((need & ~scopes_of(record)) == 0);
}

/* Whether the line confines sessions of this service, by machine.c's config. */
static bool
can_confine(const struct truth_claim *claim)
{
	return claim->line->confine != CONFINE_NEVER &&
	    claim->service != NULL && strcmp(claim->service, "probe") == 0;
}

/* What the line needs of a token that it can confine. */
static unsigned
need_of(const struct truth_claim *claim)
{
	unsigned need = claim->line->need, rest = need & ~TRUTH_WRITE;

	return can_confine(claim) && rest != 0 ? rest : need;
}

/* Whether this line accepts a token that may not write. */
static enum answer
is_confinable(const struct truth_claim *claim, const struct record *record)
{
	if (claim->line->valid == ANSWER_EITHER)
		return ANSWER_EITHER;
	return answer_of(claim->line->confine == CONFINE_NEVER ||
	    (scopes_of(record) & TRUTH_WRITE) != 0 ||
	    (can_confine(claim) && !machine.cannot_confine));
}

enum confine_mode
truth_confine(const struct truth_claim *claim)
{
	struct record record;

	return machine_record(claim->token, &record) &&
		(scopes_of(&record) & TRUTH_WRITE) == 0
	    ? claim->line->confine
	    : CONFINE_NEVER;
}

unsigned
truth_need(const struct truth_claim *claim)
{
	unsigned need = need_of(claim);

	/* On a line that confines, others than readers must have write. */
	return claim->line->confine != CONFINE_NEVER &&
		truth_confine(claim) == CONFINE_NEVER
	    ? need | TRUTH_WRITE
	    : need;
}

static enum answer
is_from(const struct record *record, const char *from)
{
	if (record->from_count == 0)
		return ANSWER_ACCEPT;
	if (from == NULL)
		return ANSWER_REFUSE;
	for (unsigned i = 0; i < TRUTH_HOSTS; i++) {
		if (truth_hosts[i].text != NULL &&
		    strcmp(truth_hosts[i].text, from) == 0)
			return answer_of(truth_hosts[i].is_near);
	}
	return ANSWER_EITHER;
}

/* The account of that name, by NSS; state is unknown if there is none. */
static struct machine_account
find_account(const char *user)
{
	struct machine_account account = machine_accounts[machine.account];

	if (strcmp(user, "alice") == 0)
		return account;
	account.uid = 2002;
	account.state = ACCOUNT_UNKNOWN;
	if (!account.lookups_fail && strcmp(user, "bob") == 0)
		account.state = ACCOUNT_ENABLED;
	if (!account.lookups_fail && strcmp(user, "root") == 0) {
		account.uid = 0;
		account.state = ACCOUNT_DISABLED;
	}
	return account;
}

static bool
has_ticket(const struct record *record, const char *ticket)
{
	return record->state == RECORD_REVOKED && ticket[0] != '\0' &&
	    strcmp(record->ticket, ticket) == 0;
}

/* Whether the line's store is readable and has the token. */
static enum answer
can_read(const struct truth_claim *claim, struct record *record)
{
	if (claim->line->valid == ANSWER_REFUSE ||
	    truth_config(claim->line) != MACHINE_CONFIG_GOOD ||
	    machine.trouble != MACHINE_WELL ||
	    !machine_record(claim->token, record))
		return ANSWER_REFUSE;
	return claim->line->valid;
}

/* The verdict from the record alone. */
static enum answer
is_usable(const struct truth_claim *claim, const struct record *record)
{
	return answer_of(
	    (record->state == RECORD_ACTIVE && machine.now < record->expires) ||
	    has_ticket(record, claim->ticket));
}

enum answer
truth_of(const struct truth_claim *claim)
{
	struct machine_account account;
	struct record record;
	enum answer answer;

	if (claim->user == NULL || claim->service == NULL)
		return ANSWER_REFUSE;
	answer = can_read(claim, &record);
	if (answer == ANSWER_REFUSE)
		return answer;
	account = find_account(claim->user);
	if (account.state != ACCOUNT_ENABLED || account.uid != record.uid ||
	    strcmp(claim->user, record.user) != 0)
		return ANSWER_REFUSE;
	/* With the ticket it is not revoked, and otherwise judged as usual. */
	if (machine.now >= record.expires || machine.now < record.starts ||
	    record.created.at > machine.now + 24 * 60 * 60)
		return ANSWER_REFUSE;
	if (strlen(claim->service) > 255 || !is_for(&record, claim->service))
		return ANSWER_REFUSE;
	if (claim->is_new && record.lifetime == RECORD_UNTIL_LOGOUT &&
	    (machine_has_ended_session(claim->token) ||
		(record.begun != 0 &&
		    !machine_has_session_of(claim->token, record.begun))))
		return ANSWER_REFUSE;
	answer = truth_both(answer, is_usable(claim, &record));
	answer = truth_both(answer,
	    has_scopes(&record, claim->is_new ? need_of(claim) : claim->need));
	if (claim->is_new)
		answer = truth_both(answer, is_confinable(claim, &record));
	return truth_both(answer, is_from(&record, claim->from));
}

bool
truth_ends_with_session(const struct truth_claim *claim)
{
	struct record record;

	return machine_record(claim->token, &record) &&
	    record.lifetime == RECORD_UNTIL_LOGOUT;
}

bool
truth_is_disabled(const struct truth_claim *claim)
{
	struct machine_account account;
	struct record record;

	if (claim->user == NULL || claim->service == NULL ||
	    can_read(claim, &record) != ANSWER_ACCEPT)
		return false;
	account = find_account(claim->user);
	return account.state == ACCOUNT_DISABLED && account.uid == record.uid &&
	    strcmp(claim->user, record.user) == 0;
}
