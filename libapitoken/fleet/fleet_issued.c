#include "fleet/fleet_issued_impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/big_endian.h"
#include "fleet/fleet_seal.h"
#include "store/store_values.h"

#define TEXT_HEAD 2 /* bytes of the length of a head's text */
#define NUMBER_LEN 8
#define NUMBER_SIZE 24 /* of a number as text */
#define OUTBOX_MAX                                                             \
	(FLEET_SEAL_EXTRA + 2 * (TEXT_HEAD + FLEET_HEAD_MAX) + 2 * NUMBER_LEN)

const enum crypto_name fleet_issued_kinds[FLEET_ISSUED_KINDS] = {
    CRYPTO_NAME_FLEET_OUTBOX,
    CRYPTO_NAME_FLEET_PUBLISHED,
    CRYPTO_NAME_FLEET_STEP,
};

void
fleet_issued_config(struct config *issued, const struct config *config)
{
	*issued = *config;
	issued->is_for_fleet = true;
	(void)snprintf(issued->directory, sizeof(issued->directory),
	    "%.*s/" FLEET_ISSUED, (int)(CONFIG_PATH_MAX - sizeof(FLEET_ISSUED)),
	    config->directory);
}

enum err
fleet_issued_open(const char *name, const uint8_t *value, size_t len, void *arg)
{
	const struct fleet_opening *opening = arg;
	const uint8_t *content = NULL;
	enum err rc = fleet_unseal(&content, &len, opening->keys,
	    (struct fleet_place){opening->kind, name}, value);

	return rc == ERR_OK ? opening->read(opening->result, name, content, len)
			    : rc;
}

enum err
fleet_issued_explain(enum err rc, const char *what, struct error *why)
{
	if (rc == ERR_NOMEM)
		return error_plain(why, rc);
	if (rc == ERR_NEWER)
		return error_set(why, rc,
		    "%s of what this machine issues was written by a newer "
		    "version; upgrade its pam_apitoken",
		    what);
	if (rc == ERR_DAMAGED || rc == ERR_INVALID)
		return error_set(why, ERR_DAMAGED,
		    "%s of what this machine issues is damaged; see fleet(7), "
		    "AN ISSUER IS LOST",
		    what);
	return rc;
}

static enum err
get(struct store *store, struct fleet_opening *opening, const char *name,
    const char *what, struct error *why)
{
	enum err rc;

	opening->keys = store_keys(store);
	rc = store_value_get(
	    store, opening->kind, name, fleet_issued_open, opening, why);
	return fleet_issued_explain(rc, what, why);
}

/* Seals a content of len bytes, at bytes + FLEET_SEAL_HEAD, and stores it. */
static enum err
put(struct store *store, enum crypto_name kind, const char *name,
    uint8_t *bytes, size_t len, struct error *why)
{
	len = fleet_seal(
	    bytes, len, store_keys(store), (struct fleet_place){kind, name});
	return store_value_put(store, kind, name, bytes, len, why);
}

static uint8_t *
write_text(uint8_t *out, const char *text)
{
	size_t len = strlen(text);

	out = big_endian_put(out, len, TEXT_HEAD);
	memcpy(out, text, len);
	return out + len;
}

static bool
read_text(fleet_head_text text, const uint8_t **from, size_t *left)
{
	size_t len;

	if (*left < TEXT_HEAD)
		return false;
	len = (size_t)big_endian_get(*from, TEXT_HEAD);
	if (len > FLEET_HEAD_MAX || len > *left - TEXT_HEAD)
		return false;
	memcpy(text, *from + TEXT_HEAD, len);
	text[len] = '\0';
	*from += TEXT_HEAD + len;
	*left -= TEXT_HEAD + len;
	return true;
}

static enum err
read_outbox(void *result, const char *name, const uint8_t *from, size_t left)
{
	struct fleet_outbox *outbox = result;

	(void)name;
	if (!read_text(outbox->head, &from, &left) ||
	    !read_text(outbox->acknowledged, &from, &left) ||
	    left != 2 * NUMBER_LEN)
		return ERR_DAMAGED;
	outbox->first = big_endian_get(from, NUMBER_LEN);
	outbox->next = big_endian_get(from + NUMBER_LEN, NUMBER_LEN);
	return ERR_OK;
}

enum err
fleet_issued_get_outbox(
    struct store *store, struct fleet_outbox *outbox, struct error *why)
{
	struct fleet_opening opening = {.kind = CRYPTO_NAME_FLEET_OUTBOX,
	    .result = outbox,
	    .read = read_outbox};
	enum err rc;

	*outbox = (struct fleet_outbox){.first = 1, .next = 1};
	rc = get(store, &opening, "", "the outbox", why);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

enum err
fleet_issued_put_outbox(
    struct store *store, const struct fleet_outbox *outbox, struct error *why)
{
	uint8_t bytes[OUTBOX_MAX], *out = bytes + FLEET_SEAL_HEAD;

	out = write_text(out, outbox->head);
	out = write_text(out, outbox->acknowledged);
	out = big_endian_put(out, outbox->first, NUMBER_LEN);
	out = big_endian_put(out, outbox->next, NUMBER_LEN);
	return put(store, CRYPTO_NAME_FLEET_OUTBOX, "", bytes,
	    (size_t)(out - bytes) - FLEET_SEAL_HEAD, why);
}

static enum err
read_record(void *result, const char *name, const uint8_t *from, size_t left)
{
	(void)name;
	return fleet_record_decode(result, from, left);
}

enum err
fleet_issued_get(struct store *store, const char id[TOKEN_ID_LEN + 1],
    struct fleet_record *record, struct error *why)
{
	struct fleet_opening opening = {.kind = CRYPTO_NAME_FLEET_PUBLISHED,
	    .result = record,
	    .read = read_record};

	*record = (struct fleet_record){0};
	return get(store, &opening, id, "a record", why);
}

enum err
fleet_issued_put(
    struct store *store, const struct fleet_item *item, struct error *why)
{
	uint8_t *bytes;
	enum err rc;

	if (item->bytes == NULL)
		return store_value_remove(
		    store, CRYPTO_NAME_FLEET_PUBLISHED, item->id, why);
	bytes = malloc(FLEET_SEAL_EXTRA + item->len);
	if (bytes == NULL)
		return error_plain(why, ERR_NOMEM);
	memcpy(bytes + FLEET_SEAL_HEAD, item->bytes, item->len);
	rc = put(store, CRYPTO_NAME_FLEET_PUBLISHED, item->id, bytes, item->len,
	    why);
	free(bytes);
	return rc;
}

static void
name_step(uint64_t number, char name[NUMBER_SIZE])
{
	(void)snprintf(name, NUMBER_SIZE, "%" PRIu64, number);
}

static size_t
count_items(const uint8_t *from, size_t left)
{
	size_t count = 0;

	while (left >= FLEET_ITEM_HEAD) {
		size_t len = FLEET_ITEM_HEAD +
		    (size_t)big_endian_get(from + TOKEN_ID_LEN, 4);

		if (len > left)
			return 0;
		from += len;
		left -= len;
		count++;
	}
	return left == 0 ? count : 0;
}

/* The items lie in the copy, whose len bytes count_items has judged. */
static void
set_items(struct fleet_step *step, const uint8_t *from)
{
	for (size_t i = 0; i < step->put.count; i++) {
		struct fleet_item *item = &step->items[i];

		memcpy(item->id, from, TOKEN_ID_LEN);
		item->len = (size_t)big_endian_get(from + TOKEN_ID_LEN, 4);
		from += FLEET_ITEM_HEAD;
		item->bytes = item->len > 0 ? from : NULL;
		from += item->len;
	}
}

static enum err
read_step(void *result, const char *name, const uint8_t *from, size_t left)
{
	struct fleet_step *step = result;

	(void)name;
	if (!read_text(step->before, &from, &left) ||
	    !read_text(step->head, &from, &left))
		return ERR_DAMAGED;
	step->put.count = count_items(from, left);
	if (step->put.count == 0 && left > 0)
		return ERR_DAMAGED;
	step->bytes = malloc(left + 1);
	step->items = calloc(step->put.count + 1, sizeof(*step->items));
	if (step->bytes == NULL || step->items == NULL)
		return ERR_NOMEM;
	memcpy(step->bytes, from, left);
	set_items(step, step->bytes);
	step->put.before = step->before[0] != '\0' ? step->before : NULL;
	step->put.head = step->head;
	step->put.items = step->items;
	return ERR_OK;
}

enum err
fleet_issued_get_step(struct store *store, uint64_t number,
    struct fleet_step *step, struct error *why)
{
	struct fleet_opening opening = {
	    .kind = CRYPTO_NAME_FLEET_STEP, .result = step, .read = read_step};
	char name[NUMBER_SIZE];

	*step = (struct fleet_step){0};
	name_step(number, name);
	return get(store, &opening, name, "a step", why);
}

void
fleet_step_free(struct fleet_step *step)
{
	free(step->items);
	free(step->bytes);
	*step = (struct fleet_step){0};
}

enum err
fleet_issued_put_step(struct store *store, uint64_t number,
    const struct fleet_engine_put *step, struct error *why)
{
	size_t size = FLEET_SEAL_EXTRA + 2 * (TEXT_HEAD + FLEET_HEAD_MAX);
	uint8_t *bytes, *out;
	char name[NUMBER_SIZE];
	enum err rc;

	for (size_t i = 0; i < step->count; i++)
		size += FLEET_ITEM_HEAD + step->items[i].len;
	bytes = malloc(size);
	if (bytes == NULL)
		return error_plain(why, ERR_NOMEM);
	out = write_text(
	    bytes + FLEET_SEAL_HEAD, step->before != NULL ? step->before : "");
	out = write_text(out, step->head);
	for (size_t i = 0; i < step->count; i++) {
		const struct fleet_item *item = &step->items[i];

		fleet_snapshot_item(item, out);
		out += FLEET_ITEM_HEAD;
		if (item->len > 0)
			memcpy(out, item->bytes, item->len);
		out += item->len;
	}
	name_step(number, name);
	rc = put(store, CRYPTO_NAME_FLEET_STEP, name, bytes,
	    (size_t)(out - bytes) - FLEET_SEAL_HEAD, why);
	free(bytes);
	return rc;
}

enum err
fleet_issued_remove_step(
    struct store *store, uint64_t number, struct error *why)
{
	char name[NUMBER_SIZE];

	name_step(number, name);
	return store_value_remove(store, CRYPTO_NAME_FLEET_STEP, name, why);
}
