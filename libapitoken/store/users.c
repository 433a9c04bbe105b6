#include "store/users.h"

#include <stdlib.h>
#include <string.h>

#include "store/store.h"

static enum err
add(const char *name, void *arg)
{
	struct users *users = arg;

	/* Doubled at every power of two. */
	if ((users->count & (users->count - 1)) == 0) {
		size_t room = users->count == 0 ? 1 : users->count * 2;
		char **grown = reallocarray(users->names, room, sizeof(*grown));

		if (grown == NULL)
			return ERR_NOMEM;
		users->names = grown;
	}
	users->names[users->count] = strdup(name);
	if (users->names[users->count] == NULL)
		return ERR_NOMEM;
	users->count++;
	return ERR_OK;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

enum err
users_read(struct users *users, const struct config *config, struct error *why)
{
	struct store *store;
	enum err rc;

	*users = (struct users){0};
	rc = store_open(
	    &store, config, STORE_SCAN, store_deadline(config), why);
	if (rc != ERR_OK)
		return rc;
	rc = store_each_user(store, add, users, why);
	store_close(store);
	if (rc == ERR_NOMEM)
		return error_plain(why, rc);
	if (users->count > 1)
		qsort(
		    users->names, users->count, sizeof(*users->names), compare);
	return rc;
}

enum err
users_set(struct users *users, const char *name, struct error *why)
{
	enum err rc;

	*users = (struct users){0};
	rc = add(name, users);
	return rc == ERR_OK ? rc : error_plain(why, rc);
}

void
users_free(struct users *users)
{
	for (size_t i = 0; i < users->count; i++)
		free(users->names[i]);
	free(users->names);
	*users = (struct users){0};
}
