#include "tokens/token_lookup.h"

#include <string.h>

#include "lifecycle/rotation.h"
#include "token/token.h"
#include "tokens/transaction.h"

static enum err
no_such(const char *called, struct error *why)
{
	return error_set(why, ERR_NOT_FOUND,
	    "no token `%s`; tokenadm list shows them", called);
}

/* How well a token matches its name; higher is better. */
enum fit {
	FIT_NONE = 0,
	FIT_DEAD,     /* it cannot log in */
	FIT_GIVEN_UP, /* it can, but its successor has the name now */
	FIT_USABLE,
};

static enum fit
fit_of(struct store *store, const struct record *record, const char *name,
    int64_t now)
{
	if (strcmp(record->name, name) != 0)
		return FIT_NONE;
	if (!record_is_usable(record, now))
		return FIT_DEAD;
	return rotation_has_given_way(store, record, now) ? FIT_GIVEN_UP
							  : FIT_USABLE;
}

/*
 * Searches one user's tokens for the name. Damaged tokens do not hide the
 * others, and are an error only if nothing is found.
 */
static enum err
find_named(struct store *store, const char *user, const char *name, int64_t now,
    struct record *record, struct error *why)
{
	enum err rc, damage = ERR_NOT_FOUND;
	enum fit best = FIT_NONE;
	struct index index = {0};
	unsigned dead = 0;

	rc = store_get_index(store, user, &index, why);
	for (size_t i = 0; rc == ERR_OK && i < index.count; i++) {
		struct record one;
		enum err got = store_get(store, index.ids[i], &one, why);
		enum fit fit = FIT_NONE;

		if (got == ERR_OK)
			fit = fit_of(store, &one, name, now);
		else
			damage = got;
		dead += fit == FIT_DEAD;
		if (fit > best) {
			best = fit;
			*record = one;
		}
	}
	index_free(&index);
	if (rc != ERR_OK || best == FIT_NONE)
		return rc != ERR_OK ? rc : damage;
	if (best == FIT_DEAD && dead > 1)
		return error_set(why, ERR_EXISTS,
		    "%s/%s: %u tokens had that name, and none of them can log "
		    "in; name it by its id",
		    user, name, dead);
	return ERR_OK;
}

enum err
find_check(const char *called, struct error *why)
{
	char id[TOKEN_ID_LEN + 1];

	if (!token_has_shape(called))
		return ERR_OK;
	(void)token_parse(called, id);
	return error_set(why, ERR_INVALID,
	    "name the token by its id, %s; the token itself is a secret, and "
	    "arguments are seen by everybody",
	    id);
}

enum err
find_token(struct store *store, const char *called, int64_t now,
    struct record *record, struct error *why)
{
	const char *slash = strrchr(called, '/');
	char user[RECORD_USER_MAX + 1];
	enum err rc;

	rc = find_check(called, why);
	if (rc != ERR_OK)
		return rc;
	if (slash == NULL) {
		rc = token_id_valid(called)
		    ? store_get(store, called, record, why)
		    : ERR_NOT_FOUND;
	} else if ((size_t)(slash - called) < sizeof(user)) {
		memcpy(user, called, (size_t)(slash - called));
		user[slash - called] = '\0';
		rc = find_named(store, user, slash + 1, now, record, why);
	} else {
		rc = ERR_NOT_FOUND;
	}
	return rc == ERR_NOT_FOUND ? no_such(called, why) : rc;
}

enum err
find_closed(struct context *context, const char *called, struct record *record)
{
	struct store *store;
	enum err rc = transaction_read(&store, context);

	if (rc != ERR_OK)
		return rc;
	rc = find_token(store, called, context->now, record, &context->error);
	store_close(store);
	return rc;
}
