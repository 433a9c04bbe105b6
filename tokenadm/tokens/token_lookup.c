#include "tokens/token_lookup.h"

#include <stdio.h>
#include <string.h>

#include "cli/text.h"
#include "lifecycle/rotation.h"
#include "token/token.h"
#include "tokens/transaction.h"

#define IDS_MAX 8 /* shown at most */
#define IDS_SIZE (IDS_MAX * (TOKEN_ID_LEN + 2) + sizeof(" ..."))

enum err
find_no_such(struct context *context, const char *called)
{
	return error_about(&context->error, "token", NULL,
	    error_set(&context->error, ERR_NOT_FOUND,
		"no token `%s`; tokenadm list%s shows them", called,
		context->fleet != NULL ? " --fleet" : ""));
}

/* How well a token matches its name; higher is better. */
enum fit {
	FIT_NONE = 0,
	FIT_REPLACED, /* it cannot log in, and another has come after it */
	FIT_DEAD,     /* it cannot log in */
	FIT_WANTED,   /* nor this one, but it is what the command is for */
	FIT_GIVEN_UP, /* it can, but its successor has the name now */
	FIT_USABLE,
};

/*
 * Whether it only could not be read: as if it were not there, another token
 * would be taken for the one that is meant.
 */
static bool
is_trouble(enum err got)
{
	return got != ERR_OK && got != ERR_NOT_FOUND && got != ERR_DAMAGED &&
	    got != ERR_NEWER;
}

/* successor: NULL, if there is none. */
static enum fit
judge(const struct record *record, const struct record *successor, int64_t now,
    find_wanted *wanted)
{
	if (record_is_usable(record, now))
		return successor != NULL &&
			rotation_gives_way_to(record, successor, now)
		    ? FIT_GIVEN_UP
		    : FIT_USABLE;
	/* Used or not, whatever its state. */
	if (record->is_replaced || successor != NULL)
		return FIT_REPLACED;
	return wanted != NULL && wanted(record, now) ? FIT_WANTED : FIT_DEAD;
}

static enum err
fit_of(enum fit *fit, struct store *store, const struct record *record,
    int64_t now, find_wanted *wanted, struct error *why)
{
	struct record other;
	enum err rc = rotation_find_successor(&other, store, record, why);

	if (rc != ERR_OK && rc != ERR_NOT_FOUND)
		return rc;
	*fit = judge(record, rc == ERR_OK ? &other : NULL, now, wanted);
	return ERR_OK;
}

/* The tokens of a name, and the best of them. */
struct namesakes {
	struct record best;
	enum fit fit;
	unsigned count;     /* all of them */
	unsigned as_good;   /* as the best */
	char ids[IDS_SIZE]; /* of those */
};

static void
take(struct namesakes *all, const struct record *record, enum fit fit)
{
	size_t len;

	if (fit == FIT_NONE)
		return;
	all->count++;
	if (fit < all->fit)
		return;
	if (fit > all->fit) {
		all->fit = fit;
		all->best = *record;
		all->as_good = 0;
		all->ids[0] = '\0';
	}
	all->as_good++;
	len = strlen(all->ids);
	if (all->as_good <= IDS_MAX)
		(void)snprintf(all->ids + len, sizeof(all->ids) - len, "%s%s",
		    len > 0 ? ", " : "", record->id);
	else if (all->as_good == IDS_MAX + 1)
		strcpy(all->ids + len, " ...");
}

/* Of those that cannot log in, none is better by itself than another. */
static enum err
check_one(const struct namesakes *all, const char *called, struct error *why)
{
	if (all->as_good == 1 || all->fit > FIT_WANTED)
		return ERR_OK;
	return error_about(why, "token", "ambiguous",
	    error_set(why, ERR_EXISTS,
		"%s: %u tokens had that name, and none of them can log in: %s; "
		"name it by its id",
		called, all->as_good, all->ids));
}

static bool
is_another(const struct context *context, const char *user)
{
	return context->self != NULL && strcmp(context->self->user, user) != 0;
}

bool
find_is_hidden(
    const struct context *context, enum err got, const struct record *record)
{
	if (context->self == NULL)
		return false;
	return got == ERR_DAMAGED || got == ERR_NEWER ||
	    (got == ERR_OK &&
		(is_another(context, record->user) ||
		    record->uid != context->self->uid));
}

/*
 * Searches one user's tokens for the name. Damaged tokens do not hide the
 * others, and are an error only if nothing is found.
 */
static enum err
find_named(struct context *context, struct store *store, const char *user,
    const char *name, find_wanted *wanted, struct namesakes *all)
{
	struct error *why = &context->error;
	enum err rc, damage = ERR_NOT_FOUND;
	struct index index = {0};

	rc = store_get_index(store, user, &index, why);
	for (size_t i = 0; rc == ERR_OK && i < index.count; i++) {
		struct record one;
		enum err got = store_get(store, index.ids[i], &one, why);
		enum fit fit = FIT_NONE;

		if (find_is_hidden(context, got, &one))
			continue;
		if (got == ERR_OK && strcmp(one.name, name) == 0)
			rc = fit_of(
			    &fit, store, &one, context->now, wanted, why);
		else if (is_trouble(got))
			rc = got;
		else if (got != ERR_OK)
			damage = got;
		if (rc == ERR_OK && got == ERR_OK)
			take(all, &one, fit);
	}
	index_free(&index);
	return rc == ERR_OK && all->fit == FIT_NONE ? damage : rc;
}

enum err
find_check(const char *called, struct error *why)
{
	char id[TOKEN_ID_LEN + 1];

	if (!token_has_shape(called))
		return ERR_OK;
	(void)token_parse(called, id);
	return error_about(why, "token", NULL,
	    error_set(why, ERR_INVALID,
		"name the token by its id, %s; the token itself is a secret, "
		"and arguments are seen by everybody",
		id));
}

enum err
find_token(struct context *context, struct store *store, const char *called,
    find_wanted *wanted, struct found *found)
{
	struct error *why = &context->error;
	const char *slash = strrchr(called, '/');
	struct namesakes all = {.fit = FIT_NONE};
	char user[RECORD_USER_MAX + 1];
	enum err rc;

	*found = (struct found){.called = called};
	rc = find_check(called, why);
	if (rc != ERR_OK)
		return rc;
	if (slash == NULL) {
		rc = token_id_valid(called)
		    ? store_get(store, called, &found->record, why)
		    : ERR_NOT_FOUND;
		if (find_is_hidden(context, rc, &found->record))
			rc = ERR_NOT_FOUND;
	} else if ((size_t)(slash - called) < sizeof(user)) {
		memcpy(user, called, (size_t)(slash - called));
		user[slash - called] = '\0';
		rc = is_another(context, user)
		    ? ERR_NOT_FOUND
		    : find_named(context, store, user, slash + 1, wanted, &all);
		found->record = all.best;
		found->namesakes = all.count;
		if (rc == ERR_OK)
			rc = check_one(&all, called, why);
	} else {
		rc = ERR_NOT_FOUND;
	}
	return rc == ERR_NOT_FOUND ? find_no_such(context, called) : rc;
}

enum err
find_closed(struct context *context, const char *called, find_wanted *wanted,
    struct found *found)
{
	struct store *store;
	enum err rc = transaction_read(&store, context);

	if (rc != ERR_OK)
		return rc;
	rc = find_token(context, store, called, wanted, found);
	store_close(store);
	return rc;
}

void
find_say(const struct found *found)
{
	if (found->namesakes < 2)
		return;
	fputs("tokenadm: ", stderr);
	text_print(stderr, found->called);
	fprintf(stderr, ": %u tokens have or had that name; this is about %s\n",
	    found->namesakes, found->record.id);
}
