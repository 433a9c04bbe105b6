/*
 * The bytes of a stored token: as they are, when nothing may be accepted, and
 * with a valid MAC, when what is accepted is what would be written again.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "token/record.h"

#define ID "0123456789"
#define OTHER_ID "0123456788"

static void
check(const uint8_t *bytes, size_t len)
{
	uint8_t again[RECORD_BYTES_MAX];
	struct record record;
	size_t again_len = 0;
	enum err rc = record_decode(&record, ID, fuzz_key, bytes, len);

	FUZZ_REQUIRE(rc == ERR_OK || rc == ERR_DAMAGED || rc == ERR_NEWER);
	FUZZ_REQUIRE((rc == ERR_OK) == (strcmp(record.id, ID) == 0));
	if (rc != ERR_OK)
		return;
	FUZZ_REQUIRE(len <= RECORD_BYTES_MAX);
	FUZZ_REQUIRE(record.from_count <= RECORD_NETWORKS_MAX);
	for (size_t i = 0; i < record.from_count; i++)
		FUZZ_REQUIRE(record.from[i].prefix <= 128);
	FUZZ_REQUIRE(strcmp(record_state_name(record.state), "unknown") != 0);
	FUZZ_REQUIRE(
	    strcmp(record_lifetime_name(record.lifetime), "unknown") != 0);
	FUZZ_REQUIRE(
	    record_encode(&record, fuzz_key, again, &again_len) == ERR_OK);
	/* There is one encoding of a record. */
	FUZZ_REQUIRE(again_len == len && memcmp(again, bytes, len) == 0);
	FUZZ_REQUIRE(record_decode(&record, OTHER_ID, fuzz_key, bytes, len) ==
	    ERR_DAMAGED);
}

/* Without the key, nothing is accepted. */
static void
check_unsealed(const uint8_t *data, size_t size)
{
	uint8_t *bytes = fuzz_copy(data, size);
	struct record record;

	FUZZ_REQUIRE(
	    record_decode(&record, ID, fuzz_key, bytes, size) == ERR_DAMAGED);
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *sealed = fuzz_seal(data, size, CRYPTO_NAME_TOKEN, ID);

	check_unsealed(data, size);
	check(sealed, size + CRYPTO_HASH_LEN);
	free(sealed);
	return 0;
}
