#include "notify/notice_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/safe_file.h"
#include "store/lock.h"
#include "store/store.h"
#include "tdb/db.h"
#include "token/token.h"

#define DATABASE "notify.tdb"
#define LOCK "notify.lock"
#define RUN "run" /* the key of the runs: no token's id */
#define FORMAT 1

struct notice_state {
	struct db *db; /* NULL: there is none, and nothing was told */
	int lock;
	char path[STORE_PATH_SIZE];
};

/* As stored, for the machine that wrote it only. */
struct stored_run {
	uint32_t format, reserved;
	int64_t since[NOTICE_CHANNELS];
};

struct stored_entry {
	uint32_t format, reserved;
	struct notice_entry entry;
};

static enum err
damaged(const struct notice_state *state, struct error *why)
{
	return error_set(why, ERR_DAMAGED,
	    "%s: damaged; some notices are sent a second time if you remove "
	    "it: rm %s",
	    state->path, state->path);
}

static enum err
read_run(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct stored_run stored;

	(void)key;
	(void)key_len;
	if (len != sizeof(stored))
		return ERR_DAMAGED;
	memcpy(&stored, value, sizeof(stored));
	memcpy(arg, stored.since, sizeof(stored.since));
	return stored.format == FORMAT ? ERR_OK : ERR_DAMAGED;
}

static enum err
read_entry(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct stored_entry stored;

	(void)key;
	(void)key_len;
	if (len != sizeof(stored))
		return ERR_DAMAGED;
	memcpy(&stored, value, sizeof(stored));
	*(struct notice_entry *)arg = stored.entry;
	return stored.format == FORMAT ? ERR_OK : ERR_DAMAGED;
}

/* Keeps other runs out until it is closed. */
static enum err
take_lock(struct notice_state *state, const struct config *config,
    bool read_only, struct error *why)
{
	char path[STORE_PATH_SIZE];
	enum err rc = ERR_OK;

	store_path(config, LOCK, path);
	if (!read_only)
		rc = lock_create(path, why);
	if (rc == ERR_OK)
		rc = safe_open(path, O_RDWR, SAFE_PRIVATE, &state->lock, why);
	if (rc == ERR_MISSING && read_only)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	if (retry_flock(
		state->lock, (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0)
		return ERR_OK;
	return error_set(why, errno == EWOULDBLOCK ? ERR_BUSY : ERR_SYSTEM,
	    "%s: %s", path,
	    errno == EWOULDBLOCK ? "another tokenadm notify is at work"
				 : strerror(errno));
}

static enum err
open_database(struct notice_state *state, enum db_mode mode, struct error *why)
{
	bool read_only = mode != DB_WRITE;
	enum err rc = db_open(&state->db, state->path, mode, why);

	if (rc == ERR_MISSING)
		rc = read_only ? ERR_OK
			       : db_create(&state->db, state->path, why);
	return rc == ERR_DAMAGED ? damaged(state, why) : rc;
}

enum err
notice_state_open(struct notice_state **state, const struct config *config,
    bool read_only, int64_t since[NOTICE_CHANNELS], struct error *why)
{
	struct notice_state *fresh = calloc(1, sizeof(*fresh));
	enum err rc;

	*state = fresh;
	memset(since, 0, NOTICE_CHANNELS * sizeof(since[0]));
	if (fresh == NULL)
		return error_plain(why, ERR_NOMEM);
	fresh->lock = -1;
	store_path(config, DATABASE, fresh->path);
	rc = take_lock(fresh, config, read_only, why);
	if (rc == ERR_OK)
		rc = open_database(fresh, read_only ? DB_READ : DB_WRITE, why);
	if (rc != ERR_OK || fresh->db == NULL)
		return rc;
	rc = db_get(fresh->db, RUN, strlen(RUN), read_run, since, why);
	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	return rc == ERR_DAMAGED ? damaged(fresh, why) : rc;
}

enum err
notice_state_get(struct notice_state *state, const char *id,
    struct notice_entry *entry, struct error *why)
{
	enum err rc = ERR_NOT_FOUND;

	memset(entry, 0, sizeof(*entry));
	if (state->db != NULL)
		rc = db_get(
		    state->db, id, TOKEN_ID_LEN, read_entry, entry, why);
	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	return rc == ERR_DAMAGED ? damaged(state, why) : rc;
}

static enum err
put_run(struct notice_state *state, const int64_t since[NOTICE_CHANNELS],
    struct error *why)
{
	struct stored_run stored = {.format = FORMAT};

	memcpy(stored.since, since, sizeof(stored.since));
	return db_put(state->db, RUN, strlen(RUN), (const uint8_t *)&stored,
	    sizeof(stored), why);
}

enum err
notice_state_put(struct notice_state *state, const char *id,
    const struct notice_entry *entry, struct error *why)
{
	struct stored_entry stored = {.format = FORMAT, .entry = *entry};
	enum err rc = db_begin(state->db, why);

	if (rc == ERR_OK)
		rc = db_put(state->db, id, TOKEN_ID_LEN,
		    (const uint8_t *)&stored, sizeof(stored), why);
	return rc == ERR_OK ? db_commit(state->db, why) : rc;
}

enum err
notice_state_begin(struct notice_state *state,
    const int64_t since[NOTICE_CHANNELS], struct error *why)
{
	enum err rc = db_begin(state->db, why);

	if (rc == ERR_OK)
		rc = put_run(state, since, why);
	return rc == ERR_OK ? db_commit(state->db, why) : rc;
}

/* The ids of the entries that can go. */
struct past {
	const int64_t *since;
	char (*ids)[TOKEN_ID_LEN];
	size_t count, room;
};

static enum err
find_past(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct past *past = arg;
	struct notice_entry entry;
	size_t room = past->room == 0 ? 64 : past->room * 2;
	void *grown;

	if (key_len != TOKEN_ID_LEN ||
	    read_entry(key, key_len, value, len, &entry) != ERR_OK)
		return ERR_OK;
	for (int i = 0; i < NOTICE_CHANNELS; i++)
		if (!notice_is_past(&entry.told[i], past->since[i]))
			return ERR_OK;
	if (past->count == past->room) {
		grown = reallocarray(past->ids, room, sizeof(past->ids[0]));
		if (grown == NULL)
			return ERR_NOMEM;
		past->ids = grown;
		past->room = room;
	}
	memcpy(past->ids[past->count++], key, TOKEN_ID_LEN);
	return ERR_OK;
}

/* Unmapped, a walk over all of the file takes half a second. */
static enum err
walk_mapped(struct notice_state *state, struct past *past, struct error *why)
{
	enum err rc;

	db_close(state->db);
	state->db = NULL;
	rc = open_database(state, DB_SCAN, why);
	if (rc == ERR_OK && state->db != NULL)
		rc = db_each(state->db, find_past, past, why);
	db_close(state->db);
	state->db = NULL;
	return rc == ERR_OK ? open_database(state, DB_WRITE, why) : rc;
}

enum err
notice_state_finish(struct notice_state *state,
    const int64_t since[NOTICE_CHANNELS], struct error *why)
{
	struct past past = {.since = since};
	enum err rc = walk_mapped(state, &past, why);

	if (rc == ERR_OK)
		rc = db_begin(state->db, why);
	for (size_t i = 0; rc == ERR_OK && i < past.count; i++)
		rc = db_delete(state->db, past.ids[i], TOKEN_ID_LEN, why);
	if (rc == ERR_OK)
		rc = put_run(state, since, why);
	if (rc == ERR_OK)
		rc = db_commit(state->db, why);
	free(past.ids);
	return rc;
}

void
notice_state_close(struct notice_state *state)
{
	if (state == NULL)
		return;
	db_close(state->db);
	if (state->lock >= 0)
		(void)close(state->lock);
	free(state);
}
