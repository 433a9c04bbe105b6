#include "tdb/tdb_recovery.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/retry.h"
#include "tdb/tdb_blocks.h"

#define TAIL sizeof(uint32_t)

/* The header of each page. */
struct page {
	uint32_t offset, len;
};

static bool
read_at(int fd, uint64_t offset, void *bytes, size_t len)
{
	return retry_pread(fd, bytes, len, (off_t)offset) == (ssize_t)len;
}

/*
 * libtdb writes whole pages in ascending order; the file's last one may be
 * shorter (transaction.c, transaction_setup_recovery).
 */
static bool
are_sound(int fd, uint64_t at, uint64_t end, uint64_t size)
{
	uint32_t page_size = (uint32_t)sysconf(_SC_PAGESIZE);
	uint64_t next = 0;
	bool last = false;

	while (at < end) {
		struct page page;

		if (last || end - at < sizeof(page) ||
		    !read_at(fd, at, &page, sizeof(page)))
			return false;
		at += sizeof(page);
		last = page.len < page_size;
		if (page.offset % page_size != 0 || page.offset < next ||
		    page.len == 0 || page.len > page_size ||
		    page.len > end - at ||
		    (uint64_t)page.offset + page.len > size)
			return false;
		next = (uint64_t)page.offset + page.len;
		at += page.len;
	}
	return true;
}

/* The offset of the note by the head, valid or not; 0: none. */
static bool
read_place(int fd, uint32_t *place)
{
	return read_at(fd, BLOCKS_HEAD_RECOVERY, place, sizeof(*place));
}

/* The header of the note. */
static bool
read_note(int fd, uint32_t place, struct block *note)
{
	return read_at(fd, place, note, sizeof(*note));
}

/* Where the lists end, by the number that libtdb uses. */
static bool
read_lists_end(int fd, uint64_t *end)
{
	uint32_t buckets;

	if (!read_at(fd, BLOCKS_HEAD_BUCKETS, &buckets, sizeof(buckets)))
		return false;
	*end = BLOCKS_HEAD + ((uint64_t)buckets + 1) * sizeof(uint32_t);
	return true;
}

enum recovery
recovery_look(int fd)
{
	struct block note = {0};
	uint32_t place;

	if (!read_place(fd, &place) ||
	    (place != 0 && !read_note(fd, place, &note)))
		return RECOVERY_UNKNOWN;
	return note.magic == BLOCKS_RECOVERY ? RECOVERY_DUE : RECOVERY_NONE;
}

static bool
is_sound(int fd, uint32_t place, const struct block *note)
{
	uint64_t end = (uint64_t)place + sizeof(*note) + note->value_len;
	struct stat st;

	return fstat(fd, &st) == 0 && note->value_len >= TAIL &&
	    note->value_len <= note->len && end <= (uint64_t)st.st_size &&
	    are_sound(
		fd, place + sizeof(*note), end - TAIL, (uint64_t)st.st_size);
}

bool
recovery_is_sound(int fd)
{
	struct block note;
	uint32_t place;
	uint64_t lists_end;

	errno = 0;
	if (!read_place(fd, &place))
		return false;
	if (place == 0)
		return true;
	/* The next commit frees this place: it must not be in head or lists. */
	if (!read_lists_end(fd, &lists_end) || place < lists_end ||
	    !read_note(fd, place, &note))
		return false;
	return note.magic != BLOCKS_RECOVERY || is_sound(fd, place, &note);
}
