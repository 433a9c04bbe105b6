/* A user's present tokens, read once before adding many. */
#ifndef TOKENADM_USER_TOKENS_H
#define TOKENADM_USER_TOKENS_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "token/index.h"
#include "token/record.h"

struct user_tokens {
	struct index index;
	size_t usable; /* tokens that count towards the quota */
	size_t dead;   /* tokens that can no longer log in */
};

/* Gets a token whose name is in use; anything but ERR_OK ends the reading. */
typedef enum err user_tokens_reader(
    const struct record *usable, void *arg, struct error *why);

/* Call user_tokens_free in any case. Errors as store_get. */
enum err user_tokens_read(struct user_tokens *room, struct store *store,
    const char *user, int64_t now, user_tokens_reader *reader, void *arg,
    struct error *why);

void user_tokens_free(struct user_tokens *room);

#endif
