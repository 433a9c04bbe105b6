#include "fleet/fleet_entry.h"

#include <stdlib.h>
#include <string.h>

#include "base/big_endian.h"
#include "base/packed_texts.h"
#include "fleet/fleet_seal.h"

/*
 * The content, for each part: length of the issuer's name (1 byte), name, hash,
 * length of the record (4, highest first), record, length of the overlay (2; 0:
 * none), overlay.
 */
#define OVERLAY_HEAD 2
#define OVERLAY_FIXED (1 + 4 + 1 + 8) /* flags, uid, state, when */
#define HAS_UID 1                     /* flags of an overlay */
#define IS_RETAINED 2
#define IS_LOCAL 4
#define OVERLAY_MAX (OVERLAY_FIXED + sizeof(struct fleet_overlay))
#define PART_FIXED (1 + CRYPTO_HASH_LEN + 4)
#define PART_MAX (PART_FIXED + PARSE_HOST_MAX + OVERLAY_HEAD + OVERLAY_MAX)

static const struct text_member OVERLAY_TEXTS[] = {
    {TEXT_MEMBER(struct fleet_overlay, ended.by)},
    {TEXT_MEMBER(struct fleet_overlay, ended.reason)},
};
#define OVERLAY_TEXT_COUNT (sizeof(OVERLAY_TEXTS) / sizeof(OVERLAY_TEXTS[0]))

static struct fleet_place
place_of(const char *id)
{
	return (struct fleet_place){CRYPTO_NAME_FLEET_RECORD, id};
}

static bool
has_overlay(const struct fleet_overlay *overlay)
{
	return overlay->has_uid || overlay->state != 0;
}

void
fleet_overlay_clear(struct fleet_overlay *overlay)
{
	overlay->state = 0;
	overlay->is_retained = false;
	overlay->ended = (struct record_event){0};
}

static uint8_t *
write_overlay(uint8_t *out, const struct fleet_overlay *overlay)
{
	uint8_t *at = out + OVERLAY_HEAD;

	if (has_overlay(overlay)) {
		at = big_endian_put(at,
		    (overlay->has_uid ? HAS_UID : 0U) |
			(overlay->is_retained ? IS_RETAINED : 0U) |
			(overlay->is_local ? IS_LOCAL : 0U),
		    1);
		at = big_endian_put(at, overlay->uid, 4);
		at = big_endian_put(at, overlay->state, 1);
		at = big_endian_put(at, (uint64_t)overlay->ended.at, 8);
		at += packed_texts_put(
		    at, overlay, OVERLAY_TEXTS, OVERLAY_TEXT_COUNT);
	}
	(void)big_endian_put(
	    out, (uint64_t)(at - out - OVERLAY_HEAD), OVERLAY_HEAD);
	return at;
}

static bool
read_overlay(struct fleet_overlay *overlay, const uint8_t **from, size_t *left)
{
	const uint8_t *at = *from + OVERLAY_HEAD;
	size_t len;

	if (*left < OVERLAY_HEAD)
		return false;
	len = (size_t)big_endian_get(*from, OVERLAY_HEAD);
	*left -= OVERLAY_HEAD;
	if (len > *left || (len > 0 && len < OVERLAY_FIXED))
		return false;
	*from = at + len;
	*left -= len;
	if (len == 0)
		return true;
	overlay->has_uid = (at[0] & HAS_UID) != 0;
	overlay->is_retained = (at[0] & IS_RETAINED) != 0;
	overlay->is_local = (at[0] & IS_LOCAL) != 0;
	overlay->uid = (uid_t)big_endian_get(at + 1, 4);
	overlay->state = (enum record_state)at[5];
	overlay->ended.at = (int64_t)big_endian_get(at + 6, 8);
	return overlay->state <= RECORD_DEACTIVATED &&
	    packed_texts_take(overlay, OVERLAY_TEXTS, OVERLAY_TEXT_COUNT,
		at + OVERLAY_FIXED, len - OVERLAY_FIXED);
}

static uint8_t *
write_part(uint8_t *out, const struct fleet_part *part)
{
	size_t len = strlen(part->issuer);

	out = big_endian_put(out, len, 1);
	memcpy(out, part->issuer, len);
	memcpy(out + len, part->hash, CRYPTO_HASH_LEN);
	out = big_endian_put(out + len + CRYPTO_HASH_LEN, part->len, 4);
	if (part->len > 0)
		memcpy(out, part->bytes, part->len);
	return write_overlay(out + part->len, &part->overlay);
}

static bool
read_part(struct fleet_part *part, const uint8_t **from, size_t *left)
{
	size_t name = (*from)[0];
	const uint8_t *at = *from + 1;

	if (name > PARSE_HOST_MAX || *left < PART_FIXED + name)
		return false;
	memcpy(part->issuer, at, name);
	part->issuer[name] = '\0';
	memcpy(part->hash, at + name, CRYPTO_HASH_LEN);
	part->len = (size_t)big_endian_get(at + name + CRYPTO_HASH_LEN, 4);
	part->bytes = *from + PART_FIXED + name;
	*left -= PART_FIXED + name;
	if (part->len > *left)
		return false;
	*from = part->bytes + part->len;
	*left -= part->len;
	return read_overlay(&part->overlay, from, left);
}

/* Makes room for one more part at a place. ERR_POLICY, ERR_NOMEM. */
static enum err
make_room(struct fleet_entry *entry, size_t place)
{
	struct fleet_part *grown;

	if (entry->count == FLEET_ISSUERS_MAX)
		return ERR_POLICY;
	grown = reallocarray(
	    entry->parts, entry->count + 1, sizeof(*entry->parts));
	if (grown == NULL)
		return ERR_NOMEM;
	entry->parts = grown;
	memmove(grown + place + 1, grown + place,
	    (entry->count - place) * sizeof(*grown));
	memset(grown + place, 0, sizeof(*grown));
	entry->count++;
	return ERR_OK;
}

/* Reads what was sealed. */
static enum err
read_content(struct fleet_entry *entry, const uint8_t *from, size_t left)
{
	while (left > 0) {
		enum err rc = make_room(entry, entry->count);

		if (rc != ERR_OK)
			return rc == ERR_NOMEM ? rc : ERR_DAMAGED;
		if (!read_part(&entry->parts[entry->count - 1], &from, &left))
			return ERR_DAMAGED;
	}
	return ERR_OK;
}

enum err
fleet_entry_open(struct fleet_entry *entry, const struct keys *keys,
    const char id[TOKEN_ID_LEN + 1], const uint8_t *value, size_t len)
{
	const uint8_t *content = NULL;
	enum err rc;

	*entry = (struct fleet_entry){0};
	entry->value = malloc(len + 1);
	if (entry->value == NULL)
		return ERR_NOMEM;
	memcpy(entry->value, value, len);
	rc = fleet_unseal(&content, &len, keys, place_of(id), entry->value);
	if (rc == ERR_OK)
		rc = read_content(entry, content, len);
	if (rc != ERR_OK)
		fleet_entry_free(entry);
	return rc;
}

void
fleet_entry_free(struct fleet_entry *entry)
{
	free(entry->value);
	free(entry->parts);
	*entry = (struct fleet_entry){0};
}

enum err
fleet_entry_seal(const struct fleet_entry *entry, const struct keys *keys,
    const char id[TOKEN_ID_LEN + 1], uint8_t **value, size_t *len)
{
	size_t size = FLEET_SEAL_EXTRA;
	uint8_t *out;

	for (size_t i = 0; i < entry->count; i++)
		size += PART_MAX + entry->parts[i].len;
	*value = malloc(size);
	if (*value == NULL)
		return ERR_NOMEM;
	out = *value + FLEET_SEAL_HEAD;
	for (size_t i = 0; i < entry->count; i++)
		out = write_part(out, &entry->parts[i]);
	*len = fleet_seal(*value, (size_t)(out - *value) - FLEET_SEAL_HEAD,
	    keys, place_of(id));
	return ERR_OK;
}

bool
fleet_entry_is_empty(const struct fleet_entry *entry)
{
	return entry->count == 0;
}

/* Where the issuer's part is, or belongs. */
static size_t
place_in(const struct fleet_entry *entry, const char *issuer, bool *is_there)
{
	size_t i = 0;

	while (i < entry->count && strcmp(entry->parts[i].issuer, issuer) < 0)
		i++;
	*is_there = i < entry->count &&
	    strcmp(entry->parts[i].issuer, issuer) == 0;
	return i;
}

struct fleet_part *
fleet_entry_find(const struct fleet_entry *entry, const char *issuer)
{
	bool is_there;
	size_t i = place_in(entry, issuer, &is_there);

	return is_there ? &entry->parts[i] : NULL;
}

enum err
fleet_entry_put(struct fleet_entry *entry, const char *issuer,
    const uint8_t hash[CRYPTO_HASH_LEN], const uint8_t *bytes, size_t len)
{
	bool is_there;
	size_t i = place_in(entry, issuer, &is_there);
	enum err rc = is_there ? ERR_OK : make_room(entry, i);
	struct fleet_part *part;

	if (rc != ERR_OK)
		return rc;
	part = &entry->parts[i];
	strcpy(part->issuer, issuer);
	memcpy(part->hash, hash, CRYPTO_HASH_LEN);
	part->bytes = bytes;
	part->len = len;
	return ERR_OK;
}

void
fleet_entry_drop(struct fleet_entry *entry, const char *issuer)
{
	bool is_there;
	size_t i = place_in(entry, issuer, &is_there);
	struct fleet_part *part;

	if (!is_there)
		return;
	part = &entry->parts[i];
	part->bytes = NULL;
	part->len = 0;
	memset(part->hash, 0, sizeof(part->hash));
	if (has_overlay(&part->overlay))
		return;
	entry->count--;
	memmove(part, part + 1, (entry->count - i) * sizeof(*part));
}
