/*
 * One run of notify, over the tokens that it is given. Each notice is sent
 * first and noted then, in a transaction of its own: after a crash at most one
 * is repeated, and none is lost.
 */
#ifndef TOKENADM_NOTICE_RUN_H
#define TOKENADM_NOTICE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "notify/notice.h"
#include "notify/notice_state.h"

struct notice_run {
	bool uses[NOTICE_CHANNELS]; /* which are configured */
	bool is_dry;                /* nothing is noted */
	notice_sender *send;
	void *arg;
	int64_t now;
	/* Filled in: */
	struct notice_state *state;
	int64_t since[NOTICE_CHANNELS];
	int64_t before[NOTIFY_BEFORE_MAX];
	bool is_off[NOTICE_CHANNELS];     /* the channel is of no use */
	bool is_partial[NOTICE_CHANNELS]; /* some were not sent */
	size_t sent, failed;
};

/*
 * Begins it: uses, is_dry, send, arg and now are set. Writes, so that nothing
 * is sent that could not be noted. The first run tells of no end before it, and
 * a channel that is added later of none before the last run. End it with
 * notice_run_end, even after an error. Errors as notice_state_open.
 */
enum err notice_run_begin(
    struct notice_run *run, const struct config *config, struct error *why);

/*
 * Sends what is due for one token; a notice that cannot be sent is counted. An
 * error ends the run: nothing can be noted any more.
 */
enum err notice_run_token(
    struct notice_run *run, const struct record *record, struct error *why);

/*
 * After all tokens, if all could be read: what happened until now is told.
 * Errors as db_commit.
 */
enum err notice_run_finish(struct notice_run *run, struct error *why);

void notice_run_end(struct notice_run *run);

#endif
