#include "fleet/fleet_verify.h"

#include <string.h>

#include "fleet/fleet_set.h"

#define YEAR_2020 INT64_C(1577836800)

static enum err
refuse(const struct fleet_list *list, const char *reason, struct error *why)
{
	return error_set(
	    why, ERR_REFUSED, "issuer %s: %s", list->head.issuer, reason);
}

/* Whose head it is. */
static enum err
check_origin(const struct fleet_list *list,
    const struct fleet_expected *expected, struct error *why)
{
	const struct fleet_head *head = &list->head;
	const struct fleet_trust *trust = expected->trust;

	if (strcmp(head->issuer, trust->issuer) != 0)
		return error_set(why, ERR_REFUSED,
		    "issuer %s: this is of another issuer, %s", trust->issuer,
		    head->issuer);
	if (memcmp(head->fleet, expected->fleet, FLEET_ID_LEN) != 0)
		return refuse(list, "of another fleet", why);
	if (memcmp(head->key, trust->key, sizeof(head->key)) != 0)
		return refuse(
		    list, "signed with a key that is not trusted", why);
	if (!fleet_trust_lasts(trust, expected->now))
		return refuse(list, "not trusted any more: see not_after", why);
	return ERR_OK;
}

static enum err
check_times(const struct fleet_list *list,
    const struct fleet_expected *expected, struct error *why)
{
	const struct fleet_head *head = &list->head;

	if (expected->now < YEAR_2020)
		return refuse(
		    list, "this machine's clock is before 2020; set it", why);
	if (head->time < YEAR_2020)
		return refuse(
		    list, "its clock is before 2020; set it there", why);
	if (head->time > expected->now + FLEET_CLOCK_SLACK)
		return refuse(list,
		    "signed more than a day from now; one of both clocks is "
		    "wrong",
		    why);
	if (head->valid_until < head->time)
		return refuse(list, "valid_until is before its time", why);
	return ERR_OK;
}

/* Whether it follows on what is applied. */
static enum err
check_order(const struct fleet_list *list,
    const struct fleet_expected *expected, struct error *why)
{
	const struct fleet_head *head = &list->head;
	const struct fleet_head *applied = expected->applied;
	int order;

	if (applied == NULL)
		return ERR_OK;
	order = fleet_head_compare(head, applied);
	if (order < 0)
		return refuse(list, "older than what is applied here", why);
	if (order == 0 && !crypto_equal(head->set, applied->set))
		return refuse(list,
		    "two different sets of records with the same seq", why);
	return ERR_OK;
}

static enum err
record_error(const struct fleet_list *list, const struct fleet_item *item,
    enum err rc, struct error *why)
{
	if (rc == ERR_NEWER)
		return error_set(why, rc,
		    "issuer %s: record %.10s: written by a newer version; "
		    "upgrade this machine's pam_apitoken",
		    list->head.issuer, item->id);
	return error_set(why, rc, "issuer %s: record %.10s: not understood",
	    list->head.issuer, item->id);
}

/* One record by itself. */
static enum err
check_item(const struct fleet_list *list, const struct fleet_item *item,
    const struct fleet_trust *trust, struct fleet_record *record,
    struct error *why)
{
	enum err rc;

	if (!token_id_valid(item->id))
		return refuse(list, "a record whose id is none", why);
	rc = fleet_record_decode(record, item->bytes, item->len);
	if (rc != ERR_OK)
		return record_error(list, item, rc, why);
	/*
	 * Once applied it would count for good. A token of who may not issue
	 * counts for nothing when somebody logs in, and is no reason to miss
	 * what its issuer revokes.
	 */
	if (record->kind == FLEET_REVOKE && !trust->may_revoke)
		return refuse(list, "a revocation, but it may not revoke", why);
	return ERR_OK;
}

/* Each record by itself. One without bytes is an id that goes. */
static enum err
check_items(const struct fleet_list *list, const struct fleet_trust *trust,
    uint8_t (*hashes)[CRYPTO_HASH_LEN], struct error *why)
{
	struct fleet_record record;
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < list->count; i++) {
		const struct fleet_item *item = &list->items[i];

		if (i > 0 && strcmp(list->items[i - 1].id, item->id) >= 0)
			return refuse(list,
			    "an id that is there twice, or out of order", why);
		if (item->bytes == NULL)
			continue;
		rc = check_item(list, item, trust, &record, why);
		fleet_record_hash(hashes[i], item->id, item->bytes, item->len);
	}
	return rc;
}

static enum err
check_count(const struct fleet_list *list, size_t count, struct error *why)
{
	if (count == list->head.count)
		return ERR_OK;
	return refuse(list, "more or fewer records than its head says", why);
}

static enum err
check_set(const struct fleet_list *list, const uint8_t set[CRYPTO_HASH_LEN],
    struct error *why)
{
	if (crypto_equal(set, list->head.set))
		return ERR_OK;
	return refuse(list, "the records are not those of its head", why);
}

/* Of a list of all records. */
static enum err
check_list_set(const struct fleet_list *list,
    uint8_t (*hashes)[CRYPTO_HASH_LEN], struct error *why)
{
	uint8_t hash[CRYPTO_HASH_LEN];
	struct fleet_set set;

	fleet_set_start(&set, list->count);
	for (size_t i = 0; i < list->count; i++)
		fleet_set_add(&set, list->items[i].id, hashes[i]);
	fleet_set_end(&set, hash);
	return check_set(list, hash, why);
}

/* Of what changes have made of those that were known. */
static enum err
check_known_set(const struct fleet_list *changes,
    const struct fleet_known *known, struct error *why)
{
	uint8_t hash[CRYPTO_HASH_LEN];

	fleet_known_digest(known->each, known->count, hash);
	return check_set(changes, hash, why);
}

static enum err
check_head(const struct fleet_list *list, const struct fleet_expected *expected,
    struct error *why)
{
	enum err rc = check_origin(list, expected, why);

	if (rc == ERR_OK)
		rc = check_times(list, expected, why);
	if (rc == ERR_OK)
		rc = check_order(list, expected, why);
	return rc;
}

enum err
fleet_verify(const struct fleet_list *list,
    const struct fleet_expected *expected, uint8_t (*hashes)[CRYPTO_HASH_LEN],
    struct error *why)
{
	enum err rc = check_head(list, expected, why);

	if (rc == ERR_OK)
		rc = check_count(list, list->count, why);
	if (rc == ERR_OK)
		rc = check_items(list, expected->trust, hashes, why);
	if (rc == ERR_OK)
		rc = check_list_set(list, hashes, why);
	return rc;
}

enum err
fleet_verify_changes(const struct fleet_list *changes,
    const struct fleet_expected *expected, const struct fleet_known *before,
    uint8_t (*hashes)[CRYPTO_HASH_LEN], struct fleet_known *after,
    struct error *why)
{
	enum err rc = check_head(changes, expected, why);

	*after = (struct fleet_known){0};
	if (rc == ERR_OK)
		rc = check_items(changes, expected->trust, hashes, why);
	if (rc == ERR_OK)
		rc = fleet_known_change(
		    after, before, changes->items, hashes, changes->count, why);
	if (rc == ERR_OK)
		rc = check_count(changes, after->count, why);
	if (rc == ERR_OK)
		rc = check_known_set(changes, after, why);
	after->is_read = rc == ERR_OK;
	memcpy(after->set, changes->head.set, sizeof(after->set));
	return rc;
}

enum err
fleet_verify_step(const struct fleet_list *step,
    const struct fleet_expected *expected, uint8_t (*hashes)[CRYPTO_HASH_LEN],
    struct error *why)
{
	enum err rc = check_origin(step, expected, why);

	if (rc == ERR_OK)
		rc = check_times(step, expected, why);
	if (rc == ERR_OK && step->count == 0)
		rc = check_order(step, expected, why);
	else if (rc == ERR_OK &&
	    fleet_head_compare(&step->head, expected->applied) <= 0)
		rc = refuse(step, "older than what is applied here", why);
	if (rc == ERR_OK)
		rc = check_items(step, expected->trust, hashes, why);
	return rc;
}

enum err
fleet_verify_head(const struct fleet_head *head,
    const struct fleet_expected *expected, struct error *why)
{
	const struct fleet_list list = {.head = *head};

	return check_head(&list, expected, why);
}
