/*
 * Which notices were sent: notify.tdb, beside the tokens. It is no part of a
 * backup, so that a restored one repeats nothing. It has a lock of its own,
 * which is held for the whole run: two runs at once would send all twice. No
 * login and no other command waits for it.
 *
 * A token has an entry only while there is something to remember: from the
 * first notice to the run after its end.
 */
#ifndef TOKENADM_NOTICE_STATE_H
#define TOKENADM_NOTICE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "notify/notice.h"
#include "notify/notice_judge.h"

struct notice_entry {
	struct notice_told told[NOTICE_CHANNELS];
};

struct notice_state;

/*
 * Opens it, and makes it if it is missing. since gets for each channel the time
 * before which all ends were told, as it was stored; 0: there was no run yet.
 * With read_only, nothing is made or written. Close *state with
 * notice_state_close. ERR_BUSY: another run is at work. ERR_DAMAGED,
 * ERR_UNSAFE, ERR_NOMEM, ERR_SYSTEM.
 */
enum err notice_state_open(struct notice_state **state,
    const struct config *config, bool read_only, int64_t since[NOTICE_CHANNELS],
    struct error *why);

/* All zero if there is no entry. Errors as db_get. */
enum err notice_state_get(struct notice_state *state, const char *id,
    struct notice_entry *entry, struct error *why);

/* Stores an entry, durably. Errors as db_commit. */
enum err notice_state_put(struct notice_state *state, const char *id,
    const struct notice_entry *entry, struct error *why);

/* Stores since for each channel. Errors as db_commit. */
enum err notice_state_begin(struct notice_state *state,
    const int64_t since[NOTICE_CHANNELS], struct error *why);

/* The same, and forgets what is past. */
enum err notice_state_finish(struct notice_state *state,
    const int64_t since[NOTICE_CHANNELS], struct error *why);

void notice_state_close(struct notice_state *state);

#endif
