/*
 * The head of an issuer: as it is, and signed with a key of ours, when what is
 * accepted is what would be signed again.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "fleet/fleet_head.h"

static void
check(const char *text, size_t len)
{
	char again[FLEET_HEAD_MAX + 1];
	uint8_t ours[CRYPTO_SIGNATURE_KEY_LEN];
	struct fleet_head head;
	size_t used = 0;
	enum err rc = fleet_head_read(&head, text, len, &used);

	FUZZ_REQUIRE(rc == ERR_OK || rc == ERR_INVALID || rc == ERR_NEWER ||
	    rc == ERR_DAMAGED);
	FUZZ_REQUIRE((rc == ERR_OK) == (head.issuer[0] != '\0'));
	if (rc != ERR_OK)
		return;
	FUZZ_REQUIRE(used <= len && used <= FLEET_HEAD_MAX);
	FUZZ_REQUIRE(head.count <= FLEET_COUNT_MAX && head.time > 0);
	crypto_signature_key(ours, fuzz_key);
	if (memcmp(ours, head.key, sizeof(ours)) != 0)
		return;
	FUZZ_REQUIRE(fleet_head_sign(&head, fuzz_key, again) == used);
	FUZZ_REQUIRE(memcmp(again, text, used) == 0);
}

/* Puts our key in place of the one that a line names, so that it is signed. */
static void
set_key(char *text)
{
	uint8_t ours[CRYPTO_SIGNATURE_KEY_LEN];
	char digits[2 * CRYPTO_SIGNATURE_KEY_LEN + 1];
	char *line = strstr(text, "\nkey=");

	crypto_signature_key(ours, fuzz_key);
	hex_put(digits, ours, sizeof(ours));
	if (line != NULL && strlen(line + 5) > strlen(digits))
		memcpy(line + 5, digits, strlen(digits));
}

static void
check_signed(const uint8_t *data, size_t size)
{
	uint8_t signature[CRYPTO_SIGNATURE_LEN];
	char digits[2 * CRYPTO_SIGNATURE_LEN + 1];
	char *text = calloc(1, size + sizeof(digits) + 8);
	size_t len;

	FUZZ_REQUIRE(text != NULL);
	memcpy(text, data, size);
	set_key(text);
	crypto_signature_make(signature, fuzz_key, text, size);
	hex_put(digits, signature, sizeof(signature));
	memcpy(text + size, "sig=", 4);
	memcpy(text + size + 4, digits, strlen(digits));
	len = size + 4 + strlen(digits);
	text[len++] = '\n';
	check(text, len);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = fuzz_copy(data, size);

	check((const char *)bytes, size);
	check_signed(data, size);
	free(bytes);
	return 0;
}
