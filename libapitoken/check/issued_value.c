#include "check/issued_value.h"

#include <stdio.h>
#include <string.h>

#include "fleet/fleet_record.h"
#include "fleet/fleet_seal.h"
#include "store/store_values.h"

/* Its key, without the kind, as text. */
static bool
read_name(const struct image_entry *entry, char name[STORE_VALUE_NAME + 1])
{
	size_t len = entry->key_len;

	if (len < 1 || len > 1 + STORE_VALUE_NAME ||
	    memchr(entry->key, '\0', len) != NULL)
		return false;
	memcpy(name, entry->key + 1, len - 1);
	name[len - 1] = '\0';
	return true;
}

static bool
name_it(struct issued_value *value, enum crypto_name kind, const char *name)
{
	value->is_record = kind == CRYPTO_NAME_FLEET_PUBLISHED;
	switch (kind) {
	case CRYPTO_NAME_FLEET_PUBLISHED:
		(void)snprintf(value->what, sizeof(value->what),
		    "what is published of %s", name);
		return true;
	case CRYPTO_NAME_FLEET_OUTBOX:
		strcpy(value->what, "the outbox");
		return true;
	case CRYPTO_NAME_FLEET_STEP:
		(void)snprintf(
		    value->what, sizeof(value->what), "step %s", name);
		return true;
	default:
		return false;
	}
}

enum err
issued_value_judge(struct issued_value *value, const struct keys *keys,
    const struct image_entry *entry)
{
	enum crypto_name kind = entry->key_len > 0
	    ? (enum crypto_name)(unsigned char)entry->key[0]
	    : CRYPTO_NAME_CHECK;
	char name[STORE_VALUE_NAME + 1];
	const uint8_t *content = NULL;
	size_t len = entry->len;

	*value = (struct issued_value){.is_record = false};
	if (!read_name(entry, name) || !name_it(value, kind, name))
		return ERR_NOT_FOUND;
	return fleet_unseal(&content, &len, keys,
	    (struct fleet_place){kind, name}, entry->value);
}
