#include "store/usage_beat.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "store/last_use_impl.h"

#define KEY "heartbeat" /* no token's id: nine letters */
#define FORMAT 1

/* As stored: like the notes, read by the machine that wrote it only. */
struct stored {
	uint32_t format;
	uint32_t reserved;
	struct usage_clock clock;
};

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
	if (stored.format != FORMAT || !usage_clock_is_sane(&stored.clock))
		return ERR_DAMAGED;
	*(struct usage_clock *)arg = stored.clock;
	return ERR_OK;
}

/* All zero if there is none, or if it is damaged. */
static void
get_clock(const struct last_use_notes *notes, struct usage_clock *clock)
{
	*clock = (struct usage_clock){0};
	if (db_get(notes->db, KEY, strlen(KEY), read_stored, clock, NULL) !=
	    ERR_OK)
		*clock = (struct usage_clock){0};
}

/*
 * Takes room for notes of other tokens: libtdb lets a file grow by a quarter.
 * The beat itself is written in place, also on a full disk.
 */
static enum err
take_room(const struct last_use_notes *notes, uint64_t *file, struct error *why)
{
	struct stat st;
	int fd;
	enum err rc = safe_open(notes->path, O_RDWR, SAFE_PRIVATE, &fd, why);

	if (rc != ERR_OK)
		return rc;
	if (fstat(fd, &st) != 0 ||
	    (fallocate(fd, FALLOC_FL_KEEP_SIZE, st.st_size,
		 st.st_size / 4 + 65536) != 0 &&
		errno != EOPNOTSUPP && errno != ENOSYS))
		rc = error_set(why, ERR_SYSTEM, "%s: cannot take room: %s",
		    notes->path, strerror(errno));
	*file = st.st_ino;
	(void)close(fd);
	return rc;
}

static enum err
beat_locked(struct last_use_notes *notes, struct usage_beat *beat,
    struct usage_clock *clock, struct error *why)
{
	struct stored stored = {.format = FORMAT};
	enum err rc = last_use_open_for_writing(notes, why);

	if (rc == ERR_OK)
		rc = take_room(notes, &beat->file, why);
	if (rc == ERR_OK) {
		get_clock(notes, clock);
		usage_clock_beat(clock, beat);
		stored.clock = *clock;
		rc = db_put(notes->db, KEY, strlen(KEY),
		    (const uint8_t *)&stored, sizeof(stored), why);
	}
	db_close(notes->db);
	notes->db = NULL;
	/* libtdb found damage: the next beat starts afresh. */
	if (rc == ERR_DAMAGED)
		(void)unlink(notes->path);
	return rc;
}

enum err
usage_beat(const struct config *config, int64_t now, int64_t known,
    bool is_stop, int64_t deadline, struct usage_clock *clock,
    struct error *why)
{
	struct last_use_notes notes = {.lock.fd = -1};
	struct usage_beat beat = {
	    .now = now, .is_stop = is_stop, .known = known};
	enum err rc = boot_read(beat.boot, why);

	*clock = (struct usage_clock){0};
	if (rc == ERR_OK)
		rc = last_use_lock(&notes, config, deadline, why);
	if (rc != ERR_OK)
		return rc;
	rc = beat_locked(&notes, &beat, clock, why);
	lock_release(&notes.lock);
	if (rc != ERR_OK)
		*clock = (struct usage_clock){0};
	return rc;
}

enum err
usage_beat_forget(
    const struct config *config, int64_t deadline, struct error *why)
{
	struct last_use_notes notes = {.lock.fd = -1};
	enum err rc = last_use_lock(&notes, config, deadline, why);

	if (rc != ERR_OK)
		return rc;
	rc = last_use_open_for_writing(&notes, why);
	if (rc == ERR_OK)
		rc = db_delete(notes.db, KEY, strlen(KEY), why);
	db_close(notes.db);
	if (rc == ERR_DAMAGED)
		rc = unlink(notes.path) == 0 ? ERR_OK : rc;
	lock_release(&notes.lock);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* The clock as it is, and the file that it is in. */
static void
look(const struct config *config, int64_t deadline, struct usage_clock *clock,
    uint64_t *file)
{
	struct last_use_notes *notes = last_use_open(config, deadline);
	struct stat st;

	*clock = (struct usage_clock){0};
	if (notes != NULL && stat(notes->path, &st) == 0) {
		*file = st.st_ino;
		get_clock(notes, clock);
	}
	last_use_close(notes);
}

void
usage_beat_foresee(const struct config *config, int64_t now, int64_t deadline,
    struct usage_clock *clock)
{
	struct usage_beat beat = {.now = now};

	look(config, deadline, clock, &beat.file);
	if (clock->at != 0 && boot_read(beat.boot, NULL) == ERR_OK)
		usage_clock_beat(clock, &beat);
	else
		*clock = (struct usage_clock){0};
}

int64_t
usage_beat_last(const struct config *config, int64_t deadline)
{
	struct usage_clock clock;
	uint64_t file;

	look(config, deadline, &clock, &file);
	return clock.at;
}
