#include "backup/backup_head.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/little_endian.h"

#define MAGIC "apitoken backup\n"
#define FORMAT 1
#define FORMAT_VALUES 2
#define MARK_LEN 16 /* of the fingerprint in the head */
#define NAME "apitoken backup"

/* Where its fields are. */
enum place {
	AT_MAGIC = 0,
	AT_FORMAT = 16,
	AT_TIME = 24,
	AT_COUNT = 32,
	AT_MARK = 40,
	AT_STREAM = 56,
	AT_CHECKSUM = 80,
};

static_assert(AT_STREAM + CRYPTO_STREAM_HEAD == AT_CHECKSUM &&
	AT_CHECKSUM + CRYPTO_HASH_LEN == BACKUP_HEAD_LEN,
    "fields stand one behind the other");

static void
make_mark(uint8_t mark[CRYPTO_HASH_LEN], const struct keys *keys)
{
	crypto_mac(mark, keys->record, CRYPTO_NAME_CHECK, NAME, NULL, 0);
}

/* Against accidents only: tells a damaged head from another key's. */
static void
make_checksum(uint8_t sum[CRYPTO_HASH_LEN], const uint8_t *bytes)
{
	static const uint8_t NO_KEY[CRYPTO_KEY_LEN];

	crypto_digest(sum, NO_KEY, bytes, AT_CHECKSUM);
}

static void
format_mark(const uint8_t *mark, char text[BACKUP_FINGERPRINT_LEN + 1])
{
	(void)snprintf(text, BACKUP_FINGERPRINT_LEN + 1, "%02x%02x%02x%02x",
	    mark[0], mark[1], mark[2], mark[3]);
}

void
backup_fingerprint(
    const struct keys *keys, char text[BACKUP_FINGERPRINT_LEN + 1])
{
	uint8_t mark[CRYPTO_HASH_LEN];

	make_mark(mark, keys);
	format_mark(mark, text);
}

void
backup_head_encode(const struct backup_head *head, const struct keys *keys,
    uint8_t bytes[BACKUP_HEAD_LEN])
{
	uint8_t mark[CRYPTO_HASH_LEN];

	make_mark(mark, keys);
	memcpy(bytes + AT_MAGIC, MAGIC, AT_FORMAT);
	(void)little_endian_put(
	    bytes + AT_FORMAT, head->has_values ? FORMAT_VALUES : FORMAT, 8);
	(void)little_endian_put(bytes + AT_TIME, (uint64_t)head->at, 8);
	(void)little_endian_put(bytes + AT_COUNT, head->count, 8);
	memcpy(bytes + AT_MARK, mark, MARK_LEN);
	memcpy(bytes + AT_STREAM, head->stream, CRYPTO_STREAM_HEAD);
	make_checksum(bytes + AT_CHECKSUM, bytes);
}

static enum err
check_key(const struct keys *keys, const uint8_t *mark, const char *path,
    const char *key, struct error *why)
{
	char ours[BACKUP_FINGERPRINT_LEN + 1];
	char theirs[BACKUP_FINGERPRINT_LEN + 1];
	uint8_t expected[CRYPTO_HASH_LEN];

	make_mark(expected, keys);
	if (memcmp(mark, expected, MARK_LEN) == 0)
		return ERR_OK;
	format_mark(expected, ours);
	format_mark(mark, theirs);
	return error_set(why, ERR_KEY,
	    "%s: sealed with the key of fingerprint %s, but %s has %s; "
	    "put your copy of the right key there",
	    path, theirs, key, ours);
}

enum err
backup_head_decode(struct backup_head *head, const struct keys *keys,
    const uint8_t *bytes, size_t len, const char *path, const char *key,
    struct error *why)
{
	uint8_t sum[CRYPTO_HASH_LEN];
	uint64_t format;

	if (len < AT_FORMAT || memcmp(bytes, MAGIC, AT_FORMAT) != 0)
		return error_set(why, ERR_DAMAGED,
		    "%s: not a backup made by tokenadm backup", path);
	if (len >= BACKUP_HEAD_LEN)
		make_checksum(sum, bytes);
	if (len < BACKUP_HEAD_LEN || !crypto_equal(sum, bytes + AT_CHECKSUM))
		return error_set(why, ERR_DAMAGED,
		    "%s: damaged or cut off; use another backup", path);
	format = little_endian_get(bytes + AT_FORMAT, 8);
	if (format != FORMAT && format != FORMAT_VALUES)
		return error_set(why, ERR_NEWER,
		    "%s: written by a newer version; upgrade this machine's "
		    "pam_apitoken",
		    path);
	head->at = (int64_t)little_endian_get(bytes + AT_TIME, 8);
	head->has_values = format == FORMAT_VALUES;
	head->count = little_endian_get(bytes + AT_COUNT, 8);
	memcpy(head->stream, bytes + AT_STREAM, CRYPTO_STREAM_HEAD);
	return check_key(keys, bytes + AT_MARK, path, key, why);
}
