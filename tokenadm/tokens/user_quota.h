/* What a user has already: read once, before many tokens are added. */
#ifndef TOKENADM_USER_QUOTA_H
#define TOKENADM_USER_QUOTA_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "token/index.h"
#include "token/record.h"

struct room {
	struct index index;
	size_t usable; /* tokens that count in the quota */
	size_t dead;   /* tokens that cannot log in any more */
};

/* Takes a token whose name is in use; what is not ERR_OK ends the reading. */
typedef enum err room_reader(
    const struct record *usable, void *arg, struct error *why);

/* To be freed by room_free in any case. Errors as store_get. */
enum err room_read(struct room *room, struct store *store, const char *user,
    int64_t now, room_reader *reader, void *arg, struct error *why);

void room_free(struct room *room);

#endif
