/*
 * The bytes of a user's index: as they are, when nothing may be accepted, and
 * with a valid MAC, when the ids must be good, and the same after they are
 * written again.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "token/index.h"

#define USER "alice"

static void
check_same_ids(const struct index *a, const struct index *b)
{
	FUZZ_REQUIRE(a->count == b->count);
	for (size_t i = 0; i < a->count; i++)
		FUZZ_REQUIRE(strcmp(a->ids[i], b->ids[i]) == 0);
}

/* Moves one from the middle to the end. */
static void
check_changes(struct index *index)
{
	size_t count = index->count;
	char id[TOKEN_ID_LEN + 1];

	strcpy(id, index->ids[count / 2]);
	index_remove(index, id);
	FUZZ_REQUIRE(index->count == count - 1);
	FUZZ_REQUIRE(index_add(index, id) == ERR_OK);
	FUZZ_REQUIRE(index->count == count);
	FUZZ_REQUIRE(strcmp(index->ids[count - 1], id) == 0);
	index_remove(index, "none");
	FUZZ_REQUIRE(index->count == count);
}

static void
check(const uint8_t *bytes, size_t len)
{
	struct index index, again;
	uint8_t *written;
	size_t size;
	enum err rc = index_decode(&index, USER, fuzz_key, bytes, len);

	FUZZ_REQUIRE(rc == ERR_OK || rc == ERR_DAMAGED || rc == ERR_NEWER);
	if (rc != ERR_OK) {
		FUZZ_REQUIRE(index.count == 0 && index.ids == NULL);
		return;
	}
	FUZZ_REQUIRE(index.count <= (len - CRYPTO_HASH_LEN) / TOKEN_ID_LEN);
	for (size_t i = 0; i < index.count; i++)
		FUZZ_REQUIRE(token_id_valid(index.ids[i]));
	FUZZ_REQUIRE(
	    index_encode(&index, USER, fuzz_key, &written, &size) == ERR_OK);
	FUZZ_REQUIRE(
	    index_decode(&again, USER, fuzz_key, written, size) == ERR_OK);
	check_same_ids(&index, &again);
	index_free(&again);
	FUZZ_REQUIRE(index_decode(&again, "bob", fuzz_key, written, size) ==
	    ERR_DAMAGED);
	free(written);
	if (index.count > 0)
		check_changes(&index);
	index_free(&index);
}

/* Without the key, nothing is accepted. */
static void
check_unsealed(const uint8_t *data, size_t size)
{
	uint8_t *bytes = fuzz_copy(data, size);
	struct index index;

	FUZZ_REQUIRE(
	    index_decode(&index, USER, fuzz_key, bytes, size) == ERR_DAMAGED);
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *sealed = fuzz_seal(data, size, CRYPTO_NAME_USER, USER);

	check_unsealed(data, size);
	check(sealed, size + CRYPTO_HASH_LEN);
	free(sealed);
	return 0;
}
