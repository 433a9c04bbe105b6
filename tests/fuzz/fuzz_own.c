/*
 * What is said at the door about one's own tokens. What is accepted has one
 * encoding, and every argument ends within the packet; of the rest nothing is
 * left.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "own/own_message.h"

static void
check_request(const uint8_t *bytes, size_t size)
{
	struct own_request *request = calloc(1, sizeof(*request));
	uint8_t again[OWN_PACKET_MAX];
	size_t len;

	FUZZ_REQUIRE(request != NULL);
	if (own_request_decode(request, bytes, size) != ERR_OK) {
		FUZZ_REQUIRE(request->argc == 0 && request->user[0] == '\0' &&
		    request->input_len == 0);
	} else {
		FUZZ_REQUIRE(
		    own_request_encode(request, again, &len) == ERR_OK);
		FUZZ_REQUIRE(len == size && memcmp(again, bytes, size) == 0);
		FUZZ_REQUIRE(request->argv[request->argc] == NULL);
	}
	free(request);
}

static void
check_text(const uint8_t *bytes, size_t size)
{
	uint8_t again[OWN_PACKET_MAX];
	enum own_kind kind;
	const char *text;
	size_t len;

	if (own_decode(&kind, &text, &len, bytes, size) != ERR_OK)
		return;
	FUZZ_REQUIRE(len <= OWN_TEXT_MAX);
	FUZZ_REQUIRE(own_text_encode(kind, text, len, again) == size);
	FUZZ_REQUIRE(memcmp(again, bytes, size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = fuzz_copy(data, size);

	if (size <= OWN_PACKET_MAX) {
		check_request(bytes, size);
		check_text(bytes, size);
	}
	free(bytes);
	return 0;
}
