#include "store/last_use.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "store/last_use_impl.h"
#include "tdb/tdb_tail.h"

#define LOCK "usage.lock"
/*
 * Seconds between two writes for one token. A write, even without a sync, takes
 * 1 % more of the processor for a login in a process of its own, and 5 % in one
 * that serves many.
 */
#define INTERVAL 60
#define MEMORIES 256 /* tokens, of a process */

/* As stored in the file, which only the machine that wrote it reads. */
struct stored {
	uint32_t format;
	uint32_t reserved;
	struct last_use usage;
};

#define FORMAT 1

/*
 * When this process last saw each token noted, so that a long-lived host asks
 * the file once a minute for each. A thread that finds it locked does without.
 */
struct memory {
	char id[TOKEN_ID_LEN + 1];
	uint64_t store; /* a hash of its directory's name */
	int64_t at;
};
static struct memory memories[MEMORIES];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* FNV-1a: a collision is not worth provoking. */
static uint64_t
hash(const char *text)
{
	uint64_t value = UINT64_C(0xcbf29ce484222325);

	for (; *text != '\0'; text++)
		value = (value ^ (unsigned char)*text) *
		    UINT64_C(0x100000001b3);
	return value;
}

static bool
is_recent(int64_t at, int64_t now)
{
	return now >= at && now - at < INTERVAL;
}

/* Whether this process knows that a use was noted less than a minute ago. */
static bool
recall(const struct memory *use)
{
	const struct memory *known = &memories[hash(use->id) % MEMORIES];
	bool found;

	if (pthread_mutex_trylock(&mutex) != 0)
		return false;
	found = strcmp(known->id, use->id) == 0 && known->store == use->store &&
	    is_recent(known->at, use->at);
	(void)pthread_mutex_unlock(&mutex);
	return found;
}

static void
remember(const struct memory *use)
{
	if (pthread_mutex_trylock(&mutex) != 0)
		return;
	memories[hash(use->id) % MEMORIES] = *use;
	(void)pthread_mutex_unlock(&mutex);
}

/* Whether what was read can be shown: it has no MAC. */
static bool
is_sane(const struct stored *stored)
{
	const struct last_use *usage = &stored->usage;
	struct network address;

	if (stored->format != FORMAT || usage->at <= 0 ||
	    memchr(usage->from, '\0', sizeof(usage->from)) == NULL ||
	    memchr(usage->service, '\0', sizeof(usage->service)) == NULL)
		return false;
	return (usage->from[0] == '\0' ||
		   network_parse_address(usage->from, &address)) &&
	    (usage->service[0] == '\0' || parse_is_service(usage->service));
}

static enum err
read_stored(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct stored stored;

	(void)key;
	(void)key_len;
	if (len != sizeof(stored))
		return ERR_DAMAGED;
	memcpy(&stored, value, sizeof(stored));
	if (!is_sane(&stored))
		return ERR_DAMAGED;
	*(struct last_use *)arg = stored.usage;
	return ERR_OK;
}

enum err
last_use_lock(struct last_use_notes *notes, const struct config *config,
    int64_t deadline, struct error *why)
{
	char lock[STORE_PATH_SIZE];
	enum err rc;

	store_path(config, LOCK, lock);
	store_path(config, LAST_USE_DATABASE, notes->path);
	rc = lock_acquire(&notes->lock, lock, LOCK_EXCLUSIVE, deadline, why);
	if (rc == ERR_MISSING && lock_create(lock, why) == ERR_OK)
		rc = lock_acquire(
		    &notes->lock, lock, LOCK_EXCLUSIVE, deadline, why);
	return rc;
}

enum err
last_use_open_for_writing(struct last_use_notes *notes, struct error *why)
{
	enum err rc = tail_check(notes->path, why);

	if (rc == ERR_OK)
		rc = db_open(&notes->db, notes->path, DB_WRITE, why);
	if (rc == ERR_DAMAGED && unlink(notes->path) == 0)
		rc = ERR_MISSING;
	if (rc == ERR_MISSING)
		rc = db_create(&notes->db, notes->path, why);
	return rc;
}

/* Whether the database says that a use was noted less than a minute ago. */
static bool
is_noted(struct last_use_notes *notes, const char *id, int64_t now)
{
	struct last_use usage;
	bool noted;

	if (db_open(&notes->db, notes->path, DB_READ, NULL) != ERR_OK)
		return false;
	noted = db_get(notes->db, id, TOKEN_ID_LEN, read_stored, &usage,
		    NULL) == ERR_OK &&
	    is_recent(usage.at, now);
	db_close(notes->db);
	notes->db = NULL;
	return noted;
}

static enum err
note(struct last_use_notes *notes, const char *id, int64_t now,
    const char *from, const char *service, struct error *why)
{
	struct stored stored = {.format = FORMAT};
	struct last_use *usage = &stored.usage;

	/* One that is damaged is written anew. */
	(void)db_get(notes->db, id, TOKEN_ID_LEN, read_stored, usage, why);
	usage->at = now;
	usage->count++;
	memset(usage->from, 0, sizeof(usage->from));
	memset(usage->service, 0, sizeof(usage->service));
	network_format_address(from, usage->from);
	if (parse_is_service(service))
		strcpy(usage->service, service);
	return db_put(notes->db, id, TOKEN_ID_LEN, (const uint8_t *)&stored,
	    sizeof(stored), why);
}

/* Under the lock. */
static enum err
note_locked(struct last_use_notes *notes, const char *id, int64_t now,
    const char *from, const char *service, struct error *why)
{
	enum err rc;

	if (is_noted(notes, id, now))
		return ERR_OK;
	rc = last_use_open_for_writing(notes, why);
	if (rc == ERR_OK)
		rc = note(notes, id, now, from, service, why);
	db_close(notes->db);
	/* libtdb found damage: the next use starts afresh. */
	if (rc == ERR_DAMAGED)
		(void)unlink(notes->path);
	return rc;
}

enum err
last_use_note(const struct config *config, const char *id, int64_t now,
    const char *from, const char *service, struct error *why)
{
	struct last_use_notes notes = {.lock.fd = -1};
	struct memory use = {.store = hash(config->directory), .at = now};
	enum err rc;

	memcpy(use.id, id, TOKEN_ID_LEN);
	if (recall(&use))
		return ERR_OK;
	rc = last_use_lock(&notes, config, deadline_in(0), why);
	if (rc != ERR_OK)
		return rc;
	rc = note_locked(&notes, id, now, from, service, why);
	lock_release(&notes.lock);
	if (rc == ERR_OK)
		remember(&use);
	return rc;
}

struct last_use_notes *
last_use_open(const struct config *config, int64_t deadline)
{
	struct last_use_notes *notes = calloc(1, sizeof(*notes));
	char lock[STORE_PATH_SIZE];

	if (notes == NULL)
		return NULL;
	store_path(config, LOCK, lock);
	store_path(config, LAST_USE_DATABASE, notes->path);
	notes->lock.fd = -1;
	if (lock_acquire(&notes->lock, lock, LOCK_SHARED, deadline, NULL) ==
		ERR_OK &&
	    db_open(&notes->db, notes->path, DB_READ, NULL) == ERR_OK)
		return notes;
	last_use_close(notes);
	return NULL;
}

bool
last_use_get(
    struct last_use_notes *notes, const char *id, struct last_use *usage)
{
	enum err rc = ERR_MISSING;

	*usage = (struct last_use){0};
	if (notes != NULL)
		rc = db_get(
		    notes->db, id, TOKEN_ID_LEN, read_stored, usage, NULL);
	if (rc != ERR_OK)
		*usage = (struct last_use){0};
	return rc == ERR_OK || rc == ERR_NOT_FOUND;
}

void
last_use_close(struct last_use_notes *notes)
{
	if (notes == NULL)
		return;
	db_close(notes->db);
	lock_release(&notes->lock);
	free(notes);
}

struct last_use
last_use_look(const struct config *config, const char *id, int64_t deadline)
{
	struct last_use_notes *notes = last_use_open(config, deadline);
	struct last_use usage;

	(void)last_use_get(notes, id, &usage);
	last_use_close(notes);
	return usage;
}
