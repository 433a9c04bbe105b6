/*
 * Writes an issuer anew. What is there already is not written again: an engine
 * that was restored lacks little. All steps but the last leave the head as it
 * is, and are made only as long as it is.
 */
#include <stdlib.h>
#include <string.h>

#include "base/big_endian.h"
#include "fleet/fleet_etcd_impl.h"

#define BATCH_BYTES (1024U * 1024)

struct rewriting {
	struct etcd_state *state;
	const struct fleet_engine_put *whole;
	const char *before; /* the head that is there */
	struct fleet_item batch[ETCD_RECORDS_MOST];
	size_t count, size;
	int64_t deadline;
	struct error *why;
};

/* Makes what has been collected; the head goes with the last. */
static enum err
flush(struct rewriting *rewriting, const char *head)
{
	struct fleet_engine_put put = {.issuer = rewriting->whole->issuer,
	    .before = rewriting->before,
	    .head = head,
	    .items = rewriting->batch,
	    .count = rewriting->count};

	if (head == NULL && put.count == 0)
		return ERR_OK;
	rewriting->count = 0;
	rewriting->size = 0;
	return etcd_state_put(
	    rewriting->state, &put, rewriting->deadline, rewriting->why);
}

static enum err
add(struct rewriting *rewriting, const struct fleet_item *item)
{
	enum err rc = ERR_OK;

	if (rewriting->count == ETCD_RECORDS_MOST ||
	    rewriting->size + item->len > BATCH_BYTES)
		rc = flush(rewriting, NULL);
	rewriting->batch[rewriting->count++] = *item;
	rewriting->size += item->len;
	return rc;
}

/* The next record of an image; false: there is none. */
static bool
next_item(const struct etcd_image *image, size_t *at, struct fleet_item *item)
{
	if (image->all.len - *at < FLEET_ITEM_HEAD)
		return false;
	memcpy(item->id, image->all.bytes + *at, TOKEN_ID_LEN);
	item->id[TOKEN_ID_LEN] = '\0';
	item->len = (size_t)big_endian_get(
	    image->all.bytes + *at + TOKEN_ID_LEN,
	    FLEET_ITEM_HEAD - TOKEN_ID_LEN);
	item->bytes = image->all.bytes + *at + FLEET_ITEM_HEAD;
	*at += FLEET_ITEM_HEAD + item->len;
	return true;
}

/* Both are in order of their ids. */
static enum err
add_differences(struct rewriting *rewriting, const struct etcd_image *image)
{
	const struct fleet_engine_put *whole = rewriting->whole;
	struct fleet_item there = {""};
	size_t at = image->head, i = 0;
	bool is_there = next_item(image, &at, &there);
	enum err rc = ERR_OK;

	while (rc == ERR_OK && (is_there || i < whole->count)) {
		const struct fleet_item *item = i < whole->count
		    ? &whole->items[i]
		    : NULL;
		int order = item == NULL ? 1
		    : !is_there          ? -1
					 : strcmp(item->id, there.id);

		if (order > 0) {
			there.bytes = NULL;
			there.len = 0;
			rc = add(rewriting, &there);
		} else if (order < 0 || item->len != there.len ||
		    memcmp(item->bytes, there.bytes, item->len) != 0) {
			rc = add(rewriting, item);
		}
		if (order <= 0)
			i++;
		if (order >= 0)
			is_there = next_item(image, &at, &there);
	}
	return rc;
}

static enum err
check_head(const struct rewriting *rewriting, const struct etcd_image *image)
{
	const char *before = rewriting->whole->before;
	size_t len = before == NULL ? 0 : strlen(before), used;
	struct fleet_head head;

	if (image->head == len &&
	    (len == 0 || memcmp(image->all.bytes, before, len) == 0))
		return ERR_OK;
	/* As for etcd_store_put: what nobody understands is no head. */
	if (before == NULL &&
	    fleet_head_read(&head, (const char *)image->all.bytes, image->head,
		&used) != ERR_OK)
		return ERR_OK;
	return error_set(rewriting->why, ERR_EXISTS,
	    "issuer %s: another head stands in etcd", rewriting->whole->issuer);
}

enum err
etcd_state_rewrite(struct etcd_state *state, const struct fleet_engine_put *put,
    int64_t deadline, struct error *why)
{
	struct rewriting *rewriting = calloc(1, sizeof(*rewriting));
	struct etcd_image image = {0};
	enum err rc = ERR_NOMEM;

	if (rewriting == NULL)
		return error_plain(why, rc);
	*rewriting = (struct rewriting){.state = state,
	    .whole = put,
	    .before = put->before,
	    .deadline = deadline,
	    .why = why};
	rc = etcd_state_image(state, put->issuer, &image, deadline, why);
	if (rc == ERR_OK)
		rc = check_head(rewriting, &image);
	if (rc == ERR_OK)
		rc = add_differences(rewriting, &image);
	if (rc == ERR_OK)
		rc = flush(rewriting, put->head);
	free(image.all.bytes);
	free(rewriting);
	return rc;
}
