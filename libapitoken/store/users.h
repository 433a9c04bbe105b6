/* The names of all who have tokens, dead ones included. */
#ifndef APITOKEN_USERS_H
#define APITOKEN_USERS_H

#include <stddef.h>

#include "base/error.h"
#include "config/config.h"

struct users {
	char **names; /* count of them, sorted */
	size_t count;
};

/*
 * Reads them; the store is closed when it returns. Free with users_free, even
 * after an error. ERR_NOMEM, or as store_open.
 */
enum err users_read(
    struct users *users, const struct config *config, struct error *why);

/* The same for one name, whether it has tokens or not. ERR_NOMEM. */
enum err users_set(struct users *users, const char *name, struct error *why);

void users_free(struct users *users);

#endif
