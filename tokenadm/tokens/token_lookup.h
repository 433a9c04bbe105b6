/* Finds a token's record by what people call it. */
#ifndef TOKENADM_TOKEN_LOOKUP_H
#define TOKENADM_TOKEN_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/command.h"
#include "store/store.h"
#include "token/record.h"

/* Refuses to call a token by its secret. ERR_INVALID. */
enum err find_check(const char *called, struct error *why);

struct found {
	struct record record;
	const char *called; /* how it was looked for */
	unsigned namesakes; /* tokens of that name, it included; 0: by its id */
};

/*
 * Of who has his own tokens only, those of others do not exist: whether that is
 * so of what store_get returned and read. What cannot be read may be another's.
 */
bool find_is_hidden(
    const struct context *context, enum err got, const struct record *record);

/* Whether a command is for a token that cannot log in. */
typedef bool find_wanted(const struct record *record, int64_t now);

/*
 * Finds a token by its id or as USER/NAME. Of several with the name it is the
 * one that can log in, of a rotation's two the successor. If none can, it is
 * the only one that no other has come after in a rotation, or the only one of
 * these that is wanted, if wanted is not NULL; otherwise the name is ambiguous.
 * called has to outlive *found. ERR_NOT_FOUND, ERR_EXISTS; or as store_get.
 */
enum err find_token(struct context *context, struct store *store,
    const char *called, find_wanted *wanted, struct found *found);

/* The same, but opens and closes the store. Errors as store_open, too. */
enum err find_closed(struct context *context, const char *called,
    find_wanted *wanted, struct found *found);

/* Sets the error of a token that nobody has; returns ERR_NOT_FOUND. */
enum err find_no_such(struct context *context, const char *called);

/* Says on standard error which of several it is. The store must be closed. */
void find_say(const struct found *found);

#endif
