/*
 * The head of a backup. The whole file:
 *
 *	head     BACKUP_HEAD_LEN bytes, not secret: magic, format, time of the
 *	         backup, number of tokens, fingerprint of the key, head of the
 *	         stream (crypto.h); a checksum over all that
 *	parts    of the stream, each BACKUP_PART_LEN bytes before it was sealed,
 *	         the last one shorter; all of them bound to the head
 *
 * Together the parts hold the tokens, each as its id, the length of its record
 * (2 bytes, little-endian) and the record as in the database; and, if that
 * names a logo, the length of the image (4 bytes) and the image. A user's
 *tokens are adjacent, in order of issue. In format 2, of what is issued to a
 *fleet, values (store_values.h) follow: the length of the kind and the name (2
 *bytes), kind and name, the length of the value (4 bytes), and the value as in
 *the database. Head and checksum are the same in every future format.
 */
#ifndef APITOKEN_BACKUP_HEAD_H
#define APITOKEN_BACKUP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/error.h"
#include "store/key.h"

#define BACKUP_HEAD_LEN 112
#define BACKUP_PART_LEN 65536
#define BACKUP_LOGO_LEN 4          /* bytes of the length of a logo, or value */
#define BACKUP_VALUE_MAX (8 << 20) /* bytes of a value */
#define BACKUP_FINGERPRINT_LEN 8   /* hexadecimal digits shown to people */

struct backup_head {
	int64_t at;      /* seconds */
	uint64_t count;  /* of tokens */
	bool has_values; /* it is of what is issued to a fleet */
	uint8_t stream[CRYPTO_STREAM_HEAD];
};

/* Encodes the head of a backup sealed with these keys. */
void backup_head_encode(const struct backup_head *head, const struct keys *keys,
    uint8_t bytes[BACKUP_HEAD_LEN]);

/*
 * Decodes a head of len bytes. path and key name the files in errors.
 * ERR_DAMAGED, ERR_NEWER, ERR_KEY.
 */
enum err backup_head_decode(struct backup_head *head, const struct keys *keys,
    const uint8_t *bytes, size_t len, const char *path, const char *key,
    struct error *why);

/* A text by which people tell keys apart; it reveals nothing of the key. */
void backup_fingerprint(
    const struct keys *keys, char text[BACKUP_FINGERPRINT_LEN + 1]);

#endif
