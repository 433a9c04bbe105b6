#include "tdb/tdb_blocks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/safe_file.h"

/* The head; offsets of the fields that we read. */
#define HEAD_MAGIC "TDB file\n"
#define HEAD_VERSION 32
#define HEAD_HASH 40
#define VERSION (0x26011967U + 6)
#define BETTER_HASH 0xbad1a51U /* TDB_INCOMPATIBLE_HASH */

#define TAIL sizeof(uint32_t)
#define ENTRY_MAX (UINT32_C(64) << 20) /* a larger one is not ours */

enum err
blocks_open(struct blocks *blocks, const char *path, struct error *why)
{
	struct stat st;
	enum err rc;

	*blocks = (struct blocks){.fd = -1, .step = BLOCKS_NEAR};
	rc = safe_open(path, O_RDONLY, SAFE_PRIVATE, &blocks->fd, why);
	if (rc != ERR_OK)
		return rc;
	if (fstat(blocks->fd, &st) != 0) {
		(void)error_set(why, ERR_SYSTEM, "%s: cannot stat: %s", path,
		    strerror(errno));
		blocks_close(blocks);
		return ERR_SYSTEM;
	}
	blocks->size = (uint64_t)st.st_size;
	if (blocks->size > BLOCKS_SIZE_MAX)
		blocks->size = BLOCKS_SIZE_MAX;
	return ERR_OK;
}

void
blocks_close(struct blocks *blocks)
{
	if (blocks->fd >= 0)
		(void)close(blocks->fd);
	free(blocks->window);
	*blocks = (struct blocks){.fd = -1};
}

static bool
make_room(struct blocks *blocks, size_t len)
{
	uint8_t *grown;

	if (len <= blocks->window_room)
		return true;
	grown = realloc(blocks->window, len);
	if (grown == NULL) {
		blocks->no_memory = true;
		return false;
	}
	blocks->window = grown;
	blocks->window_room = len;
	return true;
}

static bool
fill(struct blocks *blocks, uint64_t offset, size_t len)
{
	size_t have = 0;

	while (have < len) {
		ssize_t got = pread(blocks->fd, blocks->window + have,
		    len - have, (off_t)(offset + have));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && blocks->error == 0)
			blocks->error = errno;
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	blocks->window_at = offset;
	blocks->window_len = have;
	return have == len;
}

const uint8_t *
blocks_view(struct blocks *blocks, uint64_t offset, size_t len)
{
	uint64_t left;
	size_t want;

	if (offset > blocks->size || len > blocks->size - offset)
		return NULL;
	if (offset >= blocks->window_at &&
	    offset + len <= blocks->window_at + blocks->window_len)
		return blocks->window + (offset - blocks->window_at);
	left = blocks->size - offset;
	want = len > blocks->step ? len : blocks->step;
	if (want > left)
		want = (size_t)left;
	if (!make_room(blocks, want))
		return NULL;
	/* On a bad spot of the disk, read no more than is wanted. */
	if (!fill(blocks, offset, want) && blocks->window_len < len)
		return NULL;
	return blocks->window;
}

static uint32_t
number_at(const uint8_t *bytes)
{
	uint32_t number;

	memcpy(&number, bytes, sizeof(number));
	return number;
}

bool
blocks_read(struct blocks *blocks, uint64_t offset, struct block *block)
{
	const uint8_t *bytes;

	if (offset < BLOCKS_START || offset % BLOCKS_ALIGNMENT != 0)
		return false;
	bytes = blocks_view(blocks, offset, sizeof(*block));
	if (bytes == NULL)
		return false;
	memcpy(block, bytes, sizeof(*block));
	return true;
}

uint64_t
blocks_next(struct blocks *blocks, uint64_t offset)
{
	static const uint8_t ZEROES[4096];
	const uint8_t *bytes = blocks_view(blocks, offset, sizeof(ZEROES));

	if (bytes == NULL || memcmp(bytes, ZEROES, sizeof(ZEROES)) != 0)
		return offset + BLOCKS_ALIGNMENT;
	/* A header may begin with zeroes, but is not all zeroes. */
	return offset + sizeof(ZEROES) - sizeof(struct block);
}

uint64_t
blocks_end(uint64_t offset, const struct block *block)
{
	return offset + sizeof(*block) + block->len;
}

bool
blocks_has_tail(
    struct blocks *blocks, uint64_t offset, const struct block *block)
{
	uint64_t end = blocks_end(offset, block);
	const uint8_t *tail;

	if (block->len < TAIL || end > blocks->size)
		return false;
	tail = blocks_view(blocks, end - TAIL, TAIL);
	return tail != NULL && number_at(tail) == sizeof(*block) + block->len;
}

bool
blocks_has_content(
    const struct blocks *blocks, uint64_t offset, const struct block *block)
{
	uint64_t content = (uint64_t)block->key_len + block->value_len;

	/* Even if the file was cut right after them, libtdb reads them. */
	return block->magic == BLOCKS_ENTRY && content <= ENTRY_MAX &&
	    content + TAIL <= block->len &&
	    offset + sizeof(*block) + content <= blocks->size;
}

bool
blocks_read_head(
    struct blocks *blocks, uint32_t lists[BLOCKS_LISTS], uint32_t *recovery)
{
	size_t size = BLOCKS_LISTS * sizeof(lists[0]);
	uint8_t head[BLOCKS_HEAD] = {0};
	const uint8_t *bytes = blocks_view(blocks, 0, sizeof(head));

	memset(lists, 0, size);
	if (bytes != NULL)
		memcpy(head, bytes, sizeof(head));
	bytes = blocks_view(blocks, sizeof(head), size);
	if (bytes != NULL)
		memcpy(lists, bytes, size);
	*recovery = number_at(head + BLOCKS_HEAD_RECOVERY);
	return bytes != NULL &&
	    memcmp(head, HEAD_MAGIC, sizeof(HEAD_MAGIC)) == 0 &&
	    number_at(head + HEAD_VERSION) == VERSION &&
	    number_at(head + BLOCKS_HEAD_BUCKETS) == DB_BUCKETS &&
	    number_at(head + HEAD_HASH) == BETTER_HASH;
}
