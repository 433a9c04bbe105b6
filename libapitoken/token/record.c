#include "token/record.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/little_endian.h"

#define FORMAT 1
#define FIELD_HEAD 3 /* number and length */
#define NETWORK_BYTES 17

enum kind {
	KIND_BYTES,    /* exactly size bytes */
	KIND_TEXT,     /* a string in a buffer of size bytes */
	KIND_INTEGER,  /* size bytes in memory, as few as needed here */
	KIND_NETWORKS, /* address and prefix of each */
};

struct field {
	uint8_t number; /* part of the format: never reuse one */
	enum kind kind;
	size_t offset, size;
};

/* All four members. */
#define FIELD(number, kind, member)                                            \
	number, kind, offsetof(struct record, member),                         \
	    sizeof(((struct record *)NULL)->member)

/* In ascending order of number: this is the order of the bytes. */
static const struct field FIELDS[] = {
    {FIELD(1, KIND_BYTES, digest)},
    {FIELD(2, KIND_INTEGER, state)},
    {FIELD(3, KIND_TEXT, user)},
    {FIELD(4, KIND_INTEGER, uid)},
    {FIELD(5, KIND_INTEGER, local)},
    {FIELD(6, KIND_TEXT, name)},
    {FIELD(7, KIND_TEXT, description)},
    {FIELD(8, KIND_TEXT, services)},
    {FIELD(9, KIND_TEXT, scopes)},
    {FIELD(10, KIND_NETWORKS, from)},
    {FIELD(11, KIND_INTEGER, expires)},
    {FIELD(12, KIND_INTEGER, created.at)},
    {FIELD(13, KIND_TEXT, created.by)},
    {FIELD(14, KIND_INTEGER, ended.at)},
    {FIELD(15, KIND_TEXT, ended.by)},
    {FIELD(16, KIND_TEXT, ended.reason)},
    {FIELD(17, KIND_INTEGER, approved.at)},
    {FIELD(18, KIND_TEXT, approved.by)},
    {FIELD(19, KIND_TEXT, created.reason)},
    {FIELD(20, KIND_TEXT, approved.reason)},
    {FIELD(21, KIND_INTEGER, changed.at)},
    {FIELD(22, KIND_TEXT, changed.by)},
    {FIELD(23, KIND_TEXT, changed.reason)},
    {FIELD(24, KIND_TEXT, predecessor)},
    {FIELD(25, KIND_TEXT, successor)},
    {FIELD(26, KIND_INTEGER, uncut)},
    {FIELD(27, KIND_INTEGER, lifetime)},
    {FIELD(28, KIND_TEXT, ticket)},
    {FIELD(29, KIND_INTEGER, begun)},
    {FIELD(30, KIND_TEXT, boot)},
    {FIELD(31, KIND_INTEGER, is_short)},
    {FIELD(32, KIND_INTEGER, starts)},
    {FIELD(33, KIND_INTEGER, max_sessions)},
    {FIELD(34, KIND_TEXT, preset)},
    {FIELD(35, KIND_INTEGER, is_replaced)},
    {FIELD(36, KIND_INTEGER, logo)},
    {FIELD(37, KIND_INTEGER, logo_mark)},
};

#define FIELD_COUNT (sizeof(FIELDS) / sizeof(FIELDS[0]))

static_assert(sizeof(struct record) + FIELD_COUNT * FIELD_HEAD +
	    RECORD_NETWORKS_MAX * NETWORK_BYTES + 1 + CRYPTO_HASH_LEN <=
	RECORD_BYTES_MAX,
    "the largest record must fit");

const char *
record_state_name(enum record_state state)
{
	switch (state) {
	case RECORD_ACTIVE:
		return "active";
	case RECORD_REVOKED:
		return "revoked";
	case RECORD_DEACTIVATED:
		return "deactivated";
	}
	return "unknown";
}

const char *
record_lifetime_name(enum record_lifetime lifetime)
{
	switch (lifetime) {
	case RECORD_LASTING:
		return "";
	case RECORD_ONCE:
		return "one-login";
	case RECORD_UNTIL_LOGOUT:
		return "until-logout";
	}
	return "unknown";
}

bool
record_is_usable(const struct record *record, int64_t now)
{
	return record->state == RECORD_ACTIVE && now < record->expires;
}

bool
record_has_started(const struct record *record, int64_t now)
{
	return now >= record->starts;
}

/*
 * Encodes an integer of 1, 4 or 8 bytes: little-endian, without trailing
 * zeroes.
 */
static size_t
encode_integer(uint8_t *out, const uint8_t *member, size_t size)
{
	uint64_t value;
	uint32_t value32;
	size_t len;

	if (size == sizeof(value)) {
		memcpy(&value, member, sizeof(value));
	} else if (size == sizeof(value32)) {
		memcpy(&value32, member, sizeof(value32));
		value = value32;
	} else {
		value = *member;
	}
	for (len = 0; value != 0; value >>= 8)
		out[len++] = (uint8_t)(value & 0xff);
	return len;
}

static bool
decode_integer(uint8_t *member, size_t size, const uint8_t *bytes, size_t len)
{
	uint64_t value;
	uint32_t value32;

	if (len > sizeof(value) || bytes[len - 1] == 0)
		return false;
	value = little_endian_get(bytes, len);
	if (size == sizeof(value)) {
		memcpy(member, &value, sizeof(value));
		return true;
	}
	value32 = (uint32_t)value;
	if (value > (size == 1 ? 1 : UINT32_MAX))
		return false;
	if (size == 1)
		*member = 1;
	else
		memcpy(member, &value32, sizeof(value32));
	return true;
}

static size_t
encode_networks(uint8_t *out, const struct record *record)
{
	for (size_t i = 0; i < record->from_count; i++) {
		memcpy(out, record->from[i].address, NETWORK_BYTES - 1);
		out[NETWORK_BYTES - 1] = record->from[i].prefix;
		out += NETWORK_BYTES;
	}
	return record->from_count * NETWORK_BYTES;
}

static bool
decode_networks(struct record *record, const uint8_t *bytes, size_t len)
{
	if (len % NETWORK_BYTES != 0 ||
	    len / NETWORK_BYTES > RECORD_NETWORKS_MAX)
		return false;
	record->from_count = len / NETWORK_BYTES;
	for (size_t i = 0; i < record->from_count; i++) {
		memcpy(record->from[i].address, bytes, NETWORK_BYTES - 1);
		record->from[i].prefix = bytes[NETWORK_BYTES - 1];
		if (record->from[i].prefix > 128)
			return false;
		bytes += NETWORK_BYTES;
	}
	return true;
}

/* Writes the content of a field to out and returns its length. */
static size_t
encode_field(
    uint8_t *out, const struct record *record, const struct field *field)
{
	const uint8_t *member = (const uint8_t *)record + field->offset;
	size_t len = 0;

	switch (field->kind) {
	case KIND_BYTES:
		len = field->size;
		memcpy(out, member, len);
		break;
	case KIND_TEXT:
		len = strnlen((const char *)member, field->size - 1);
		memcpy(out, member, len);
		break;
	case KIND_INTEGER:
		len = encode_integer(out, member, field->size);
		break;
	case KIND_NETWORKS:
		len = encode_networks(out, record);
		break;
	}
	return len;
}

static bool
decode_field(struct record *record, const struct field *field,
    const uint8_t *bytes, size_t len)
{
	uint8_t *member = (uint8_t *)record + field->offset;

	switch (field->kind) {
	case KIND_BYTES:
		if (len != field->size)
			return false;
		memcpy(member, bytes, len);
		return true;
	case KIND_TEXT:
		if (len >= field->size || memchr(bytes, '\0', len) != NULL)
			return false;
		memcpy(member, bytes, len);
		member[len] = '\0';
		return true;
	case KIND_INTEGER:
		return decode_integer(member, field->size, bytes, len);
	case KIND_NETWORKS:
		return decode_networks(record, bytes, len);
	}
	return false;
}

enum err
record_encode(const struct record *record, const uint8_t key[CRYPTO_KEY_LEN],
    uint8_t bytes[RECORD_BYTES_MAX], size_t *len)
{
	uint8_t *out = bytes;

	if (record->from_count > RECORD_NETWORKS_MAX)
		return ERR_INTERNAL;
	*out++ = FORMAT;
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		size_t size = encode_field(
		    out + FIELD_HEAD, record, &FIELDS[i]);

		if (size == 0)
			continue;
		out[0] = FIELDS[i].number;
		(void)little_endian_put(out + 1, size, 2);
		out += FIELD_HEAD + size;
	}
	crypto_mac(out, key, CRYPTO_NAME_TOKEN, record->id, bytes,
	    (size_t)(out - bytes));
	*len = (size_t)(out - bytes) + CRYPTO_HASH_LEN;
	return ERR_OK;
}

static const struct field *
find_field(uint8_t number)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (FIELDS[i].number == number)
			return &FIELDS[i];
	}
	return NULL;
}

/* Reads the fields of a record whose MAC was right. */
static enum err
decode_fields(struct record *record, const uint8_t *bytes, size_t len)
{
	unsigned last = 0;

	while (len > 0) {
		const struct field *field;
		size_t size;

		if (len < FIELD_HEAD || bytes[0] <= last)
			return ERR_DAMAGED;
		/* Every record has the first field, the digest. */
		if (last == 0 && bytes[0] != FIELDS[0].number)
			return ERR_DAMAGED;
		last = bytes[0];
		size = (size_t)little_endian_get(bytes + 1, 2);
		if (size > len - FIELD_HEAD)
			return ERR_DAMAGED;
		field = find_field(bytes[0]);
		if (field == NULL)
			return ERR_NEWER;
		if (size == 0 ||
		    !decode_field(record, field, bytes + FIELD_HEAD, size))
			return ERR_DAMAGED;
		bytes += FIELD_HEAD + size;
		len -= FIELD_HEAD + size;
	}
	if (record->state < RECORD_ACTIVE || record->state > RECORD_DEACTIVATED)
		return record->state == 0 ? ERR_DAMAGED : ERR_NEWER;
	if ((record->logo == PICTURE_NONE) != (record->logo_mark == 0))
		return ERR_DAMAGED;
	return record->lifetime <= RECORD_UNTIL_LOGOUT &&
		record->logo <= PICTURE_WEBP
	    ? ERR_OK
	    : ERR_NEWER;
}

enum err
record_decode(struct record *record, const char id[TOKEN_ID_LEN + 1],
    const uint8_t key[CRYPTO_KEY_LEN], const uint8_t *bytes, size_t len)
{
	uint8_t mac[CRYPTO_HASH_LEN];
	enum err rc = ERR_DAMAGED;

	*record = (struct record){0};
	if (len < 1 + CRYPTO_HASH_LEN)
		goto out;
	len -= CRYPTO_HASH_LEN;
	crypto_mac(mac, key, CRYPTO_NAME_TOKEN, id, bytes, len);
	if (!crypto_equal(mac, bytes + len))
		goto out;
	if (bytes[0] != FORMAT) {
		rc = ERR_NEWER;
		goto out;
	}
	memcpy(record->id, id, TOKEN_ID_LEN);
	rc = decode_fields(record, bytes + 1, len - 1);
out:
	if (rc != ERR_OK)
		*record = (struct record){0};
	return rc;
}
