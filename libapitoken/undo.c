#include "undo.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blocks.h"

#define TAIL sizeof(uint32_t)

/* What each page begins with. */
struct page {
	uint32_t offset, len;
};

static bool
read_at(int fd, uint64_t offset, void *bytes, size_t len)
{
	return pread(fd, bytes, len, (off_t)offset) == (ssize_t)len;
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

static uint32_t
read_number(int fd, uint64_t offset)
{
	uint32_t number;

	return read_at(fd, offset, &number, sizeof(number)) ? number : 0;
}

/* Where the head says that a note lies, be it in force or not; 0: nowhere. */
static uint32_t
read_place(int fd)
{
	return read_number(fd, BLOCKS_HEAD_RECOVERY);
}

/* Where the lists end, by the number that libtdb goes by. */
static uint64_t
read_lists_end(int fd)
{
	uint64_t buckets = read_number(fd, BLOCKS_HEAD_BUCKETS);

	return BLOCKS_HEAD + (buckets + 1) * sizeof(uint32_t);
}

/* Reads what stands before a note that is in force. */
static bool
read_note(int fd, uint32_t place, struct block *note)
{
	return place != 0 && read_at(fd, place, note, sizeof(*note)) &&
	    note->magic == BLOCKS_RECOVERY;
}

bool
undo_is_due(int fd)
{
	struct block note;

	return read_note(fd, read_place(fd), &note);
}

bool
undo_is_sound(int fd)
{
	struct block note;
	uint32_t place = read_place(fd);
	uint64_t end;
	struct stat st;

	/* The next commit frees the place: never the head and the lists. */
	if (place != 0 && place < read_lists_end(fd))
		return false;
	/* Where there is no note, libtdb finds so, too. */
	if (!read_note(fd, place, &note))
		return true;
	end = (uint64_t)place + sizeof(note) + note.value_len;
	return fstat(fd, &st) == 0 && note.value_len >= TAIL &&
	    note.value_len <= note.len && end <= (uint64_t)st.st_size &&
	    are_sound(
		fd, place + sizeof(note), end - TAIL, (uint64_t)st.st_size);
}
