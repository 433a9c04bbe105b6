#include "notify/notice_run.h"

/*
 * Seconds that a change may take from its time, when its command began, until
 * it is written: a sweep asks directories, and the lock is waited for. The next
 * run looks for such ends again; what was told is noted.
 */
#define OVERLAP INT64_C(86400)

enum err
notice_run_begin(
    struct notice_run *run, const struct config *config, struct error *why)
{
	enum err rc = notice_state_open(
	    &run->state, config, run->is_dry, run->since, why);

	if (rc != ERR_OK)
		return rc;
	notice_read_before(&config->notify, run->before);
	for (int i = 0; i < NOTICE_CHANNELS; i++) {
		/* The first run, or the clock was ahead. */
		if (run->since[i] == 0 || run->since[i] > run->now)
			run->since[i] = run->now;
	}
	return run->is_dry ? ERR_OK
			   : notice_state_begin(run->state, run->since, why);
}

/* Sends one; what was told changes if that succeeds. */
static bool
send(struct notice_run *run, enum notice_channel channel,
    const struct notice *notice, struct notice_told *told)
{
	struct error ignored;
	enum err rc = ERR_REFUSED;

	if (!run->is_off[channel])
		rc = run->send(channel, notice, run->arg, &ignored);
	if (rc == ERR_OK) {
		run->sent++;
		notice_note(told, notice);
		return true;
	}
	run->is_off[channel] = run->is_off[channel] || rc == ERR_REFUSED;
	run->is_partial[channel] = true;
	run->failed++;
	return false;
}

enum err
notice_run_token(
    struct notice_run *run, const struct record *record, struct error *why)
{
	static const struct notice_told NOTHING;
	struct notice_entry entry;
	bool is_read = false;
	enum err rc = ERR_OK;

	for (int i = 0; rc == ERR_OK && i < NOTICE_CHANNELS; i++) {
		enum notice_channel channel = (enum notice_channel)i;
		struct notice notice;

		if (!run->uses[i])
			continue;
		/* Most tokens need no look at what was told. */
		notice = notice_judge(
		    record, &NOTHING, run->before, run->since[i], run->now);
		if (notice.kind == NOTICE_NONE)
			continue;
		if (!is_read)
			rc = notice_state_get(
			    run->state, record->id, &entry, why);
		if (rc != ERR_OK)
			break;
		is_read = true;
		notice = notice_judge(record, &entry.told[i], run->before,
		    run->since[i], run->now);
		if (notice.kind != NOTICE_NONE &&
		    send(run, channel, &notice, &entry.told[i]) && !run->is_dry)
			rc = notice_state_put(
			    run->state, record->id, &entry, why);
	}
	return rc;
}

enum err
notice_run_finish(struct notice_run *run, struct error *why)
{
	if (run->is_dry)
		return ERR_OK;
	for (int i = 0; i < NOTICE_CHANNELS; i++)
		if (!run->is_partial[i] && run->since[i] < run->now - OVERLAP)
			run->since[i] = run->now - OVERLAP;
	return notice_state_finish(run->state, run->since, why);
}

void
notice_run_end(struct notice_run *run)
{
	notice_state_close(run->state);
	run->state = NULL;
}
