#include "fleet_etcd/etcd_store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"

#define PAGE 500      /* records, which fit into an answer */
#define HEADS_MAX 512 /* of which strangers may have written some */

#define REQUEST_MAX (1536U * 1024) /* etcd's --max-request-bytes */
#define AROUND 32 /* bytes at most, that say what a key and a value are */

/* The head, its guard, and what is asked if another is there, come with it. */
static_assert(ETCD_STEP_BYTES + FLEET_HEAD_MAX +
	    (ETCD_STEP_RECORDS + 3) * (ETCD_KEY_MAX + AROUND) <=
	REQUEST_MAX,
    "the largest step is not too much for etcd");

static enum err
bad_answer(struct error *why)
{
	return error_set(
	    why, ERR_INVALID, "etcd: the answer is not understood");
}

static enum err
read_range(struct etcd_store *store, const struct etcd_range *range,
    int64_t deadline, struct etcd_pairs *pairs, struct error *why)
{
	char *body = etcd_json_range(range);
	struct etcd_call call = {.path = "/v3/kv/range", .body = body};
	json_t *answer = NULL;
	enum err rc;

	*pairs = (struct etcd_pairs){0};
	rc = body == NULL
	    ? error_plain(why, ERR_NOMEM)
	    : etcd_client_call(&store->client, &call, deadline, &answer, why);
	if (rc == ERR_OK && !etcd_json_pairs(answer, pairs))
		rc = bad_answer(why);
	json_decref(answer);
	free(body);
	return rc;
}

/* The name behind the prefix, or NULL: it is not below it. */
static const char *
name_below(const struct etcd_pair *pair, const char *prefix)
{
	size_t len = strlen(prefix);
	const char *key = (const char *)pair->key.bytes;

	if (pair->key.len < len || memcmp(key, prefix, len) != 0 ||
	    memchr(key, '\0', pair->key.len) != NULL)
		return NULL;
	return key + len;
}

static enum err
take_heads(struct etcd_store *store, const struct etcd_pairs *pairs,
    const char *prefix, etcd_taker *take, void *arg, struct error *why)
{
	enum err rc = ERR_OK;

	if (pairs->has_more)
		return error_set(why, ERR_INVALID,
		    "etcd: more than %d heads below %s", HEADS_MAX, prefix);
	store->newest = 0;
	for (size_t i = 0; rc == ERR_OK && i < pairs->count; i++) {
		const struct etcd_pair *pair = &pairs->each[i];
		const char *name = name_below(pair, prefix);

		if (name == NULL)
			return bad_answer(why);
		if (pair->changed > store->newest)
			store->newest = pair->changed;
		if (parse_is_host(name))
			rc = take(arg, name, &pair->value);
	}
	return rc;
}

enum err
etcd_store_heads(struct etcd_store *store, int64_t deadline, etcd_taker *take,
    void *arg, struct error *why)
{
	char from[ETCD_KEY_MAX + 1], end[ETCD_KEY_MAX + 1];
	struct etcd_range range = {
	    .from = from, .end = end, .limit = HEADS_MAX};
	struct etcd_pairs pairs;
	enum err rc;

	etcd_key_head(from, store->prefix, "");
	etcd_key_end(end, from);
	rc = read_range(store, &range, deadline, &pairs, why);
	if (rc == ERR_OK)
		rc = take_heads(store, &pairs, from, take, arg, why);
	etcd_pairs_free(&pairs);
	return rc;
}

/* One key, and the revision at which it was read. */
static enum err
read_head(struct etcd_store *store, const char *issuer, int64_t deadline,
    struct etcd_pairs *pairs, int64_t *revision, struct error *why)
{
	char key[ETCD_KEY_MAX + 1];
	struct etcd_range range = {.from = key};
	enum err rc;

	etcd_key_head(key, store->prefix, issuer);
	rc = read_range(store, &range, deadline, pairs, why);
	if (rc == ERR_OK &&
	    (pairs->count > 1 ||
		(pairs->count == 1 &&
		    strcmp((const char *)pairs->each[0].key.bytes, key) != 0)))
		rc = bad_answer(why);
	*revision = store->client.seen.revision;
	return rc;
}

/*
 * Sets `next` to what is behind a key below the prefix: the next one there can
 * be, of names without a space. Behind one that is longer than any record's, it
 * is what is behind all that begin as it does.
 */
static void
name_next(
    char next[ETCD_KEY_MAX + 2], const struct etcd_pair *pair, size_t most)
{
	const char *key = (const char *)pair->key.bytes;
	size_t len = strnlen(key, most + 1);

	if (len <= most) {
		strcpy(next, key);
		strcat(next, " ");
		return;
	}
	len = most;
	while ((uint8_t)key[len - 1] == UINT8_MAX)
		len--;
	memcpy(next, key, len);
	next[len] = '\0';
	next[len - 1]++;
}

/*
 * The records of one page; sets `from` to what is behind the last. A key that
 * is no record's is passed over: whether it is whole is for the signed head to
 * say.
 */
static enum err
take_page(const struct etcd_pairs *pairs, const char *prefix,
    char from[ETCD_KEY_MAX + 2], etcd_taker *take, void *arg, struct error *why)
{
	const size_t most = strlen(prefix) + TOKEN_ID_LEN;
	char next[ETCD_KEY_MAX + 2], begin[ETCD_KEY_MAX + 2];
	enum err rc = ERR_OK;

	strcpy(begin, from);
	for (size_t i = 0; rc == ERR_OK && i < pairs->count; i++) {
		const struct etcd_pair *pair = &pairs->each[i];
		const char *id = name_below(pair, prefix);
		bool is_record = id != NULL && token_id_valid(id) &&
		    pair->value.len <= FLEET_RECORD_MAX;

		if (pair->key.len < strlen(prefix) ||
		    memcmp(pair->key.bytes, prefix, strlen(prefix)) != 0 ||
		    (is_record &&
			strcmp((const char *)pair->key.bytes, from) < 0))
			return bad_answer(why);
		name_next(next, pair, most);
		if (strcmp(next, from) > 0)
			strcpy(from, next);
		if (is_record)
			rc = take(arg, id, &pair->value);
	}
	if (rc == ERR_OK && pairs->has_more && strcmp(from, begin) == 0)
		return bad_answer(why);
	return rc;
}

static enum err
list_records(struct etcd_store *store, const char *issuer, int64_t revision,
    int64_t deadline, etcd_taker *take, void *arg, struct error *why)
{
	char prefix[ETCD_KEY_MAX + 1], end[ETCD_KEY_MAX + 1];
	char from[ETCD_KEY_MAX + 2];
	struct etcd_range range = {
	    .from = from, .end = end, .revision = revision, .limit = PAGE};
	struct etcd_pairs pairs;
	bool has_more = true;
	enum err rc = ERR_OK;

	etcd_key_record(prefix, store->prefix, issuer, "");
	etcd_key_end(end, prefix);
	strcpy(from, prefix);
	while (rc == ERR_OK && has_more) {
		rc = read_range(store, &range, deadline, &pairs, why);
		has_more = pairs.has_more && pairs.count > 0;
		if (rc == ERR_OK && pairs.has_more && !has_more)
			rc = bad_answer(why);
		if (rc == ERR_OK)
			rc = take_page(&pairs, prefix, from, take, arg, why);
		etcd_pairs_free(&pairs);
	}
	return rc;
}

enum err
etcd_store_list(struct etcd_store *store, const char *issuer, int64_t deadline,
    etcd_taker *head, etcd_taker *record, void *arg, struct error *why)
{
	struct etcd_pairs pairs;
	int64_t revision;
	enum err rc = read_head(
	    store, issuer, deadline, &pairs, &revision, why);

	if (rc == ERR_OK && pairs.count == 1)
		rc = head(arg, issuer, &pairs.each[0].value);
	etcd_pairs_free(&pairs);
	if (rc == ERR_OK)
		rc = list_records(
		    store, issuer, revision, deadline, record, arg, why);
	return rc;
}

/* Whether no head is there, or none that anybody understands. */
static bool
has_no_head(const struct etcd_pairs *pairs)
{
	struct fleet_head head;
	size_t used;
	enum err rc;

	if (pairs->count == 0)
		return true;
	rc = fleet_head_read(&head, (const char *)pairs->each[0].value.bytes,
	    pairs->each[0].value.len, &used);
	return rc == ERR_INVALID || rc == ERR_DAMAGED;
}

static bool
is_text(const struct etcd_bytes *value, const char *text)
{
	return value->len == strlen(text) &&
	    memcmp(value->bytes, text, value->len) == 0;
}

/* What is sent: the records, and the head behind them. */
static size_t
make_changes(struct etcd_change *changes, char (*keys)[ETCD_KEY_MAX + 1],
    const struct etcd_store *store, const struct fleet_frame_step *step,
    const struct etcd_record *records, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		etcd_key_record(
		    keys[i], store->prefix, step->issuer, records[i].id);
		changes[i] = (struct etcd_change){
		    keys[i], records[i].value.bytes, records[i].value.len};
	}
	if (step->head[0] == '\0')
		return count;
	etcd_key_head(keys[count], store->prefix, step->issuer);
	changes[count] = (struct etcd_change){
	    keys[count], (const uint8_t *)step->head, strlen(step->head)};
	return count + 1;
}

static enum err
another_head(const struct fleet_frame_step *step, struct error *why)
{
	return error_set(why, ERR_EXISTS,
	    "issuer %s: another head stands in etcd", step->issuer);
}

/* What a put has come to: another head stands there, unless it is this one. */
static enum err
judge_put(const json_t *answer, const struct fleet_frame_step *step,
    struct error *why)
{
	struct etcd_pairs pairs;
	bool is_done = false;
	enum err rc = ERR_OK;

	if (!etcd_json_outcome(answer, &is_done, &pairs))
		rc = bad_answer(why);
	else if (!is_done &&
	    !(step->head[0] != '\0' && pairs.count == 1 &&
		is_text(&pairs.each[0].value, step->head)))
		rc = another_head(step, why);
	etcd_pairs_free(&pairs);
	return rc;
}

static enum err
commit(struct etcd_store *store, const struct fleet_frame_step *step,
    int64_t changed, const struct etcd_record *records, size_t count,
    int64_t deadline, struct error *why)
{
	struct etcd_change changes[ETCD_STEP_RECORDS + 1];
	char keys[ETCD_STEP_RECORDS + 1][ETCD_KEY_MAX + 1];
	char guard[ETCD_KEY_MAX + 1];
	struct etcd_call call = {.path = "/v3/kv/txn", .is_write = true};
	json_t *answer = NULL;
	char *body;
	enum err rc;

	etcd_key_head(guard, store->prefix, step->issuer);
	body = etcd_json_put(guard, changed, changes,
	    make_changes(changes, keys, store, step, records, count));
	call.body = body;
	rc = body == NULL
	    ? error_plain(why, ERR_NOMEM)
	    : etcd_client_call(&store->client, &call, deadline, &answer, why);
	if (rc == ERR_OK)
		rc = judge_put(answer, step, why);
	json_decref(answer);
	free(body);
	return rc;
}

enum err
etcd_store_put(struct etcd_store *store, const struct fleet_frame_step *step,
    const struct etcd_record *records, size_t count, int64_t deadline,
    struct error *why)
{
	struct etcd_pairs pairs;
	int64_t changed = 0, revision;
	bool is_before = false, is_done = false;
	enum err rc = read_head(
	    store, step->issuer, deadline, &pairs, &revision, why);

	if (rc == ERR_OK && pairs.count == 1) {
		const struct etcd_bytes *there = &pairs.each[0].value;

		changed = pairs.each[0].changed;
		is_before = step->before[0] != '\0' &&
		    is_text(there, step->before);
		is_done = step->head[0] != '\0' && is_text(there, step->head);
	}
	if (step->before[0] == '\0')
		is_before = has_no_head(&pairs);
	if (rc == ERR_OK && !is_before && !is_done)
		rc = another_head(step, why);
	etcd_pairs_free(&pairs);
	if (rc == ERR_OK && !is_done)
		rc = commit(
		    store, step, changed, records, count, deadline, why);
	return rc;
}
