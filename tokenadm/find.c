#include "find.h"

#include <string.h>

#include "token.h"

static enum err
no_such(const char *called, struct error *why)
{
	return error_set(why, ERR_NOT_FOUND,
	    "no token `%s`; tokenadm list shows them", called);
}

/* Looks through one user's tokens for the name. */
static enum err
find_named(struct store *store, const char *user, const char *name, int64_t now,
    struct record *record, struct error *why)
{
	struct index index = {0};
	struct record one;
	bool usable = false;
	unsigned found = 0;
	enum err rc = store_get_index(store, user, &index, why);

	for (size_t i = 0; rc == ERR_OK && !usable && i < index.count; i++) {
		rc = store_get(store, index.ids[i], &one, why);
		if (rc != ERR_OK || strcmp(one.name, name) != 0)
			continue;
		*record = one;
		/* A rotation's predecessor has given up its name. */
		usable = record_is_usable(&one, now) &&
		    one.successor[0] == '\0';
		found++;
	}
	index_free(&index);
	if (rc == ERR_OK && found == 0)
		rc = ERR_NOT_FOUND;
	if (rc == ERR_OK && !usable && found > 1)
		rc = error_set(why, ERR_INVALID,
		    "%s/%s: %u tokens had that name, and none of them can log "
		    "in; name it by its id",
		    user, name, found);
	return rc;
}

enum err
find_token(struct store *store, const char *called, int64_t now,
    struct record *record, struct error *why)
{
	const char *slash = strrchr(called, '/');
	char user[RECORD_USER_MAX + 1];
	enum err rc;

	if (token_has_shape(called)) {
		char id[TOKEN_ID_LEN + 1];

		(void)token_parse(called, id);
		return error_set(why, ERR_INVALID,
		    "name the token by its id, %s; the token itself is a "
		    "secret, and arguments are seen by everybody",
		    id);
	}
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
