/*
 * The head of an issuer: what all of its records are at one moment, signed.
 * Pure. As text, eleven lines in this order, each value written in one way:
 *
 *	apitoken-fleet-head 1
 *	fleet=32 hexadecimal digits
 *	issuer=NAME
 *	key=64 digits, the public key that has signed it
 *	epoch=NUMBER
 *	seq=NUMBER
 *	count=NUMBER
 *	set=64 digits, see fleet_set.h
 *	time=SECONDS
 *	valid_until=SECONDS, or never
 *	sig=128 digits, over every byte before this line
 */
#ifndef APITOKEN_FLEET_HEAD_H
#define APITOKEN_FLEET_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/error.h"
#include "fleet/fleet_record.h"

#define FLEET_ID_LEN 16 /* bytes */
#define FLEET_HEAD_MAX 1024
#define FLEET_COUNT_MAX 1000000 /* records of an issuer */

struct fleet_head {
	uint8_t fleet[FLEET_ID_LEN];
	char issuer[PARSE_HOST_MAX + 1];
	uint8_t key[CRYPTO_SIGNATURE_KEY_LEN];
	uint64_t epoch, seq; /* to INT64_MAX */
	uint64_t count;      /* of records, to FLEET_COUNT_MAX */
	uint8_t set[CRYPTO_HASH_LEN];
	int64_t time;        /* when it was signed */
	int64_t valid_until; /* or TIME_NEVER */
};

/*
 * Writes the head as text, signed with the secret key, whose public one it gets
 * (head->key is not looked at). Returns its length; 0 if a value breaks its
 * rule.
 */
size_t fleet_head_sign(const struct fleet_head *head,
    const uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN],
    char text[FLEET_HEAD_MAX + 1]);

/*
 * Reads the head that the text begins with, and sets *used to its length. The
 * signature is that of head->key: whether to believe that key is the caller's
 * matter. ERR_INVALID, ERR_NEWER, or ERR_DAMAGED if the signature is not right;
 * *head is empty then.
 */
enum err fleet_head_read(
    struct fleet_head *head, const char *text, size_t len, size_t *used);

/* Whether all of it is the same. */
bool fleet_head_equals(
    const struct fleet_head *one, const struct fleet_head *two);

/* As strcmp(3): by epoch, then by seq. */
int fleet_head_compare(
    const struct fleet_head *one, const struct fleet_head *two);

#endif
