/* Changes that concern all tokens of one owner. */
#ifndef APITOKEN_OWNER_TOKENS_H
#define APITOKEN_OWNER_TOKENS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "config/config.h"
#include "store/store.h"
#include "token/record.h"

/* Whose tokens: those of this name and this uid. */
struct token_owner {
	const char *user;
	uid_t uid;
};

/*
 * Called with a token that was changed; any return but ERR_OK ends the change.
 */
typedef enum err owner_tokens_visitor(const struct record *record, void *arg);

/*
 * Deactivates the owner's usable tokens; event says when, by whom and why. One
 * that was issued or approved after seen, in seconds, stays: the account was
 * looked at before that. A damaged record does not keep the others active.
 * visit may be NULL. Errors as store_put.
 */
enum err owner_tokens_deactivate(struct store *store,
    const struct token_owner *owned, const struct record_event *event,
    int64_t seen, owner_tokens_visitor *visit, void *arg, struct error *why);

/* Notes whether the owner is in /etc/passwd. Errors as store_put. */
enum err owner_tokens_set_local(struct store *store,
    const struct token_owner *owned, bool local, struct error *why);

/*
 * At a login: if the owner's account is disabled beyond doubt (see
 * account_set.h), deactivates its tokens, and sets *count to their number and
 * reason to why. If it is not, or that was done before, nothing is done and
 * *count is 0. deadline is as in deadline.h. Errors as store_open and
 * store_commit.
 */
enum err owner_tokens_deactivate_disabled(const struct config *config,
    const struct token_owner *owned, int64_t now, int64_t deadline,
    size_t *count, char reason[RECORD_REASON_MAX + 1], struct error *why);

#endif
