/* What a user has already: read once, before many tokens are added. */
#ifndef TOKENADM_USER_QUOTA_H
#define TOKENADM_USER_QUOTA_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "token/index.h"
#include "token/record.h"

struct user_quota {
	struct index index;
	size_t usable; /* tokens that count in the quota */
	size_t dead;   /* tokens that cannot log in any more */
};

/* Takes a token whose name is in use; what is not ERR_OK ends the reading. */
typedef enum err user_quota_reader(
    const struct record *usable, void *arg, struct error *why);

/* To be freed by user_quota_free in any case. Errors as store_get. */
enum err user_quota_read(struct user_quota *room, struct store *store,
    const char *user, int64_t now, user_quota_reader *reader, void *arg,
    struct error *why);

void user_quota_free(struct user_quota *room);

#endif
