/*
 * A snapshot, under a head of ours that signs any records: what the verifier
 * accepts is in order and understood, and nothing is read beyond its end.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_set.h"
#include "fleet/fleet_verify.h"

#define NOW INT64_C(1800000000)

static struct fleet_head
make_head(uint64_t count)
{
	struct fleet_head head = {.epoch = 1,
	    .seq = 1,
	    .count = count,
	    .time = NOW,
	    .valid_until = NOW};

	strcpy(head.issuer, "hub");
	crypto_signature_key(head.key, fuzz_key);
	return head;
}

/* The set that the records have, so that the rest is looked at. */
static void
set_set(struct fleet_list *list)
{
	struct fleet_set set;

	fleet_set_start(&set, list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct fleet_item *item = &list->items[i];
		uint8_t hash[CRYPTO_HASH_LEN];

		fleet_record_hash(hash, item->id, item->bytes, item->len);
		fleet_set_add(&set, item->id, hash);
	}
	fleet_set_end(&set, list->head.set);
}

static void
check_list(struct fleet_list *list, bool may_issue, bool may_revoke)
{
	struct fleet_trust trust = {.issuer = "hub",
	    .may_issue = may_issue,
	    .may_revoke = may_revoke,
	    .not_after = TIME_NEVER};
	struct fleet_expected expected = {.trust = &trust, .now = NOW};
	uint8_t(*hashes)[CRYPTO_HASH_LEN] = calloc(
	    list->count + 1, sizeof(*hashes));
	struct fleet_record record;
	struct error why;

	FUZZ_REQUIRE(hashes != NULL);
	memcpy(trust.key, list->head.key, sizeof(trust.key));
	set_set(list);
	if (fleet_verify(list, &expected, hashes, &why) == ERR_OK) {
		for (size_t i = 0; i < list->count; i++) {
			const struct fleet_item *item = &list->items[i];

			FUZZ_REQUIRE(token_id_valid(item->id));
			FUZZ_REQUIRE(i == 0 ||
			    strcmp(list->items[i - 1].id, item->id) < 0);
			FUZZ_REQUIRE(fleet_record_decode(&record, item->bytes,
					 item->len) == ERR_OK);
			FUZZ_REQUIRE(record.kind == FLEET_TOKEN ? may_issue
								: may_revoke);
		}
		if (list->count > 0) {
			list->head.set[0] ^= 1;
			FUZZ_REQUIRE(fleet_verify(list, &expected, hashes,
					 &why) != ERR_OK);
		}
	}
	free(hashes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	unsigned rights = fuzz_below(&input, 4);
	struct fleet_head head = make_head(fuzz_byte(&input));
	char text[FLEET_HEAD_MAX + 1];
	size_t len = fleet_head_sign(&head, fuzz_key, text);
	uint8_t *bytes = malloc(len + input.left);
	struct fleet_list list;
	struct error why;

	FUZZ_REQUIRE(len > 0 && bytes != NULL);
	memcpy(bytes, text, len);
	if (input.left > 0)
		memcpy(bytes + len, input.at, input.left);
	if (fleet_snapshot_read(&list, bytes, len + input.left, &why) ==
	    ERR_OK) {
		FUZZ_REQUIRE(list.count == head.count);
		check_list(&list, (rights & 1) != 0, (rights & 2) != 0);
	}
	fleet_list_free(&list);
	free(bytes);
	return 0;
}
