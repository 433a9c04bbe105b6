#include "lifecycle/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "store/store.h"
#include "store/users.h"

/* The state of the survey. */
struct survey {
	struct sweep *sweep;
	struct sweep_owner **end;
	struct users users;
	size_t next; /* of the users */
	int64_t now;
};

struct sweep_owner *
sweep_add(
    struct sweep *sweep, struct sweep_owner ***end, const char *user, uid_t uid)
{
	struct sweep_owner *one = calloc(1, sizeof(*one));

	if (one == NULL)
		return NULL;
	one->user = pool_intern(&sweep->names, user);
	if (one->user == NULL) {
		free(one);
		return NULL;
	}
	one->uid = uid;
	**end = one;
	*end = &one->next;
	return one;
}

void
sweep_start(struct sweep *sweep)
{
	*sweep = (struct sweep){0};
	account_set_start(&sweep->accounts);
}

/* Adds the owner with that uid to those of this user, from first on. */
static struct sweep_owner *
add_owner(struct survey *survey, struct sweep_owner **first, const char *user,
    const struct record *record)
{
	struct sweep_owner *one = *first;

	while (one != NULL && one->uid != record->uid)
		one = one->next;
	if (one != NULL)
		return one;
	one = sweep_add(survey->sweep, &survey->end, user, record->uid);
	if (one != NULL)
		one->local = true;
	return one;
}

static enum err
add_token(struct sweep_token **tokens, const char *id)
{
	struct sweep_token *one = calloc(1, sizeof(*one));

	if (one == NULL)
		return ERR_NOMEM;
	strcpy(one->id, id);
	one->next = *tokens;
	*tokens = one;
	return ERR_OK;
}

static enum err
survey_token(struct survey *survey, struct store *store,
    struct sweep_owner **first, const char *user, const char *id)
{
	struct sweep_owner *owner;
	struct record record;
	enum err rc = store_get(store, id, &record, NULL);

	if (rc == ERR_NOMEM)
		return rc;
	if (rc != ERR_OK || strcmp(record.user, user) != 0) {
		survey->sweep->damaged++;
		return ERR_OK;
	}
	/* Whatever it may do itself, the token before it has given way. */
	if (record.predecessor[0] != '\0')
		rc = add_token(&survey->sweep->successors, record.id);
	if (rc != ERR_OK || !record_is_usable(&record, survey->now))
		return rc;
	owner = add_owner(survey, first, user, &record);
	if (owner == NULL)
		return ERR_NOMEM;
	owner->local = owner->local && record.local;
	owner->tokens++;
	return record.begun != 0 ? add_token(&survey->sweep->begun, record.id)
				 : ERR_OK;
}

/* Adds the owners of a user's tokens to the sweep. */
static enum err
survey_user(struct survey *survey, struct store *store, const char *user)
{
	struct sweep_owner **first = survey->end;
	struct index index = {0};
	enum err rc = store_get_index(store, user, &index, NULL);

	if (rc == ERR_NOMEM)
		return rc;
	if (rc != ERR_OK)
		survey->sweep->damaged++;
	rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < index.count; i++)
		rc = survey_token(survey, store, first, user, index.ids[i]);
	index_free(&index);
	return rc;
}

static enum err
survey_slice(
    struct survey *survey, const struct config *config, struct error *why)
{
	struct store *store;
	int64_t end;
	enum err rc = store_open(
	    &store, config, STORE_SCAN, store_deadline(config), why);

	if (rc != ERR_OK)
		return rc;
	end = deadline_in(STORE_SLICE);
	do {
		rc = survey_user(
		    survey, store, survey->users.names[survey->next++]);
	} while (rc == ERR_OK && survey->next < survey->users.count &&
	    deadline_in(0) < end);
	store_close(store);
	return rc == ERR_OK ? rc : error_plain(why, rc);
}

enum err
sweep_survey(struct sweep *sweep, const struct config *config, const char *user,
    int64_t now, struct error *why)
{
	struct survey survey = {
	    .sweep = sweep,
	    .end = &sweep->owners,
	    .now = now,
	};
	enum err rc;

	sweep_start(sweep);
	rc = user != NULL ? users_set(&survey.users, user, why)
			  : users_read(&survey.users, config, why);
	sweep->users = survey.users.count;
	while (rc == ERR_OK && survey.next < survey.users.count)
		rc = survey_slice(&survey, config, why);
	users_free(&survey.users);
	return rc;
}

static enum sweep_found
judge_known(const struct sweep_owner *owner, const struct account_set *accounts)
{
	const struct account_set_entry *account = owner->account;

	if (account->uid != owner->uid)
		return owner->tie == SWEEP_BOUND ? SWEEP_OTHER_UID : SWEEP_FINE;
	if (account->state == ACCOUNT_DISABLED)
		return SWEEP_DISABLED;
	/* A cut file may have lost its line. */
	if (owner->tie != SWEEP_BOUND || account->local == owner->local ||
	    (!account->local && !accounts->passwd.is_whole))
		return SWEEP_FINE;
	return SWEEP_MOVED;
}

/* Its line may be lost or damaged, and another account found instead. */
static bool
is_doubtful(const struct sweep_owner *owner, const struct account_set *accounts)
{
	return owner->account->uid != owner->uid &&
	    (owner->account->damaged || !accounts->passwd.is_whole);
}

static void
judge(const struct sweep *sweep, struct sweep_owner *owner, int64_t now)
{
	const struct account_set_entry *account = owner->account;

	owner->reason = account->reason;
	owner->seen = now;
	if (owner->tie == SWEEP_BY_NAME && account->found)
		owner->uid = account->uid;
	owner->is_here = account->found && account->uid == owner->uid;
	if (account->state != ACCOUNT_UNKNOWN &&
	    is_doubtful(owner, &sweep->accounts)) {
		owner->found = SWEEP_UNKNOWN;
		owner->reason = ACCOUNT_DAMAGED;
	} else if (account->state != ACCOUNT_UNKNOWN) {
		owner->found = judge_known(owner, &sweep->accounts);
	} else if (account->reason != ACCOUNT_ABSENT) {
		owner->found = SWEEP_UNKNOWN;
	} else if (owner->local) {
		owner->found = SWEEP_ABSENT;
	} else if (owner->tie != SWEEP_BOUND) {
		owner->found = SWEEP_FINE; /* nobody was here */
	} else {
		/* Absence from the files proves nothing: it never was there. */
		owner->found = SWEEP_UNKNOWN;
		owner->reason = ACCOUNT_NOT_FOUND;
	}
	owner->is_suspect = owner->found == SWEEP_ABSENT ||
	    owner->found == SWEEP_OTHER_UID;
}

/* Whether to look at an owner: at all, or the second time at suspects. */
static bool
is_due(const struct sweep_owner *owner, bool again)
{
	return !again || owner->is_suspect;
}

static enum err
look(struct sweep *sweep, const struct config *config, bool again, int64_t now,
    struct error *why)
{
	struct sweep_owner *one = sweep->owners;
	enum err rc;

	account_set_free(&sweep->accounts);
	for (; one != NULL; one = one->next) {
		one->account = NULL;
		if (!is_due(one, again))
			continue;
		one->found = SWEEP_PENDING;
		one->account = account_set_get(&sweep->accounts, one->user);
		if (one->account == NULL)
			return error_plain(why, ERR_NOMEM);
	}
	rc = account_set_read_files(
	    &sweep->accounts, &config->account, now, why);
	for (one = sweep->owners; rc == ERR_OK && one != NULL; one = one->next)
		if (one->account != NULL && one->account->is_settled)
			judge(sweep, one, now);
	return rc;
}

enum err
sweep_read_files(struct sweep *sweep, const struct config *config, int64_t now,
    struct error *why)
{
	return look(sweep, config, false, now, why);
}

void
sweep_ask(struct sweep *sweep, const struct config *config, bool local_only,
    int64_t now)
{
	struct sweep_owner *one = sweep->owners;

	for (; one != NULL; one = one->next) {
		if (one->account == NULL || one->found != SWEEP_PENDING ||
		    (local_only && !one->local && !one->account->local))
			continue;
		if (!one->account->is_settled)
			account_set_ask(&sweep->accounts, one->account,
			    &config->account, now);
		judge(sweep, one, now);
	}
}

bool
sweep_has_suspects(const struct sweep *sweep)
{
	const struct sweep_owner *one = sweep->owners;

	while (one != NULL && !one->is_suspect)
		one = one->next;
	return one != NULL;
}

enum err
sweep_look_again(struct sweep *sweep, const struct config *config, int64_t now,
    struct error *why)
{
	struct sweep_owner *one;
	enum err rc = look(sweep, config, true, now, why);

	if (rc == ERR_OK)
		sweep_ask(sweep, config, false, now);
	for (one = sweep->owners; one != NULL; one = one->next)
		one->is_suspect = false;
	return rc;
}

bool
sweep_is_gone(const struct sweep_owner *owner)
{
	return owner->found >= SWEEP_DISABLED;
}

const char *
sweep_reason(const struct sweep_owner *owner)
{
	switch (owner->found) {
	case SWEEP_ABSENT:
		return account_reason_name(ACCOUNT_ABSENT);
	case SWEEP_OTHER_UID:
		return "account-other-uid";
	default:
		return account_reason_name(owner->reason);
	}
}

static size_t
count(const struct sweep *sweep, bool with_pending)
{
	const struct sweep_owner *one = sweep->owners, *last = NULL;
	size_t users = 0;

	for (; one != NULL; one = one->next) {
		bool is_lost = sweep_is_gone(one) ||
		    (with_pending && one->found == SWEEP_PENDING && one->local);

		/* Names are interned. */
		if (is_lost && (last == NULL || last->user != one->user)) {
			users++;
			last = one;
		}
	}
	return users;
}

size_t
sweep_count(const struct sweep *sweep)
{
	return count(sweep, false);
}

bool
sweep_are_too_many(const struct sweep *sweep, size_t users)
{
	return users > (sweep->users < 10 ? 1 : sweep->users / 10);
}

bool
sweep_is_unlikely(const struct sweep *sweep)
{
	return sweep_are_too_many(sweep, count(sweep, true));
}

static void
free_tokens(struct sweep_token *one)
{
	while (one != NULL) {
		struct sweep_token *next = one->next;

		free(one);
		one = next;
	}
}

void
sweep_free(struct sweep *sweep)
{
	while (sweep->owners != NULL) {
		struct sweep_owner *next = sweep->owners->next;

		free(sweep->owners);
		sweep->owners = next;
	}
	free_tokens(sweep->begun);
	free_tokens(sweep->successors);
	account_set_free(&sweep->accounts);
	pool_free(&sweep->names);
}
