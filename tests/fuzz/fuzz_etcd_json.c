/*
 * Answers of etcd, from the network: whatever they are, what is taken from them
 * is within its limits, and put into a request it comes back.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "fleet_etcd/etcd_json.h"

static void
check_pair(const struct etcd_pair *pair)
{
	FUZZ_REQUIRE(pair->key.bytes[pair->key.len] == '\0');
	FUZZ_REQUIRE(pair->value.bytes[pair->value.len] == '\0');
	FUZZ_REQUIRE(pair->changed >= 0);
}

static void
check_pairs(const struct etcd_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++)
		check_pair(&pairs->each[i]);
}

/* A value that was read is what a request would have said. */
static void
check_again(const struct etcd_pairs *pairs)
{
	struct etcd_change change = {"k", NULL, 0};
	char *request;
	json_t *again;

	if (pairs->count == 0)
		return;
	change.value = pairs->each[0].value.bytes;
	change.len = pairs->each[0].value.len;
	request = etcd_json_put("k", 1, &change, 1);
	FUZZ_REQUIRE(request != NULL);
	again = etcd_json_read(request, strlen(request));
	FUZZ_REQUIRE(again != NULL);
	json_decref(again);
	free(request);
}

static void
check_answer(const json_t *answer)
{
	char token[ETCD_TOKEN_MAX + 1], reason[ETCD_REASON_MAX + 1];
	struct etcd_source source;
	struct etcd_events events;
	struct etcd_pairs pairs;
	bool is_done;

	if (etcd_json_source(answer, &source))
		FUZZ_REQUIRE(source.cluster != 0 && source.revision > 0);
	if (etcd_json_token(answer, token))
		FUZZ_REQUIRE(
		    token[0] != '\0' && strpbrk(token, "\r\n") == NULL);
	if (etcd_json_pairs(answer, &pairs)) {
		check_pairs(&pairs);
		check_again(&pairs);
	}
	etcd_pairs_free(&pairs);
	if (etcd_json_outcome(answer, &is_done, &pairs) && !is_done)
		check_pairs(&pairs);
	etcd_pairs_free(&pairs);
	if (etcd_json_events(answer, &events)) {
		for (size_t i = 0; i < events.count; i++)
			check_pair(&events.each[i].pair);
		FUZZ_REQUIRE(events.changed >= 0);
	}
	etcd_events_free(&events);
	FUZZ_REQUIRE(etcd_json_error(answer, reason) > 0);
	FUZZ_REQUIRE(
	    reason[0] == '\0' || parse_is_printable(reason, ETCD_REASON_MAX));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = fuzz_copy(data, size);
	json_t *answer = etcd_json_read((const char *)bytes, size);

	check_answer(answer);
	json_decref(answer);
	free(bytes);
	return 0;
}
