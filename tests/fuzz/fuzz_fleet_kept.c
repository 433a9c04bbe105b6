/*
 * What a host keeps of a fleet, and reads of others: an entry of fleet.tdb as
 * it is and sealed, the heartbeat, and a file of trust.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_entry.h"
#include "fleet/fleet_heartbeat.h"
#include "fleet/fleet_trust.h"

#define ID "0123456789"

static void
check_entry(const uint8_t *data, size_t size)
{
	struct keys keys;
	struct fleet_entry entry, back;
	uint8_t *value = fuzz_seal(data, size, CRYPTO_NAME_FLEET_RECORD, ID);
	uint8_t *again = NULL;
	size_t len = 0;
	enum err rc;

	memcpy(keys.record, fuzz_key, sizeof(keys.record));
	FUZZ_REQUIRE(
	    fleet_entry_open(&entry, &keys, ID, data, size) == ERR_DAMAGED);
	rc = fleet_entry_open(&entry, &keys, ID, value, size + CRYPTO_HASH_LEN);
	FUZZ_REQUIRE(rc == ERR_OK || rc == ERR_DAMAGED || rc == ERR_NEWER);
	if (rc == ERR_OK) {
		FUZZ_REQUIRE(entry.count <= FLEET_ISSUERS_MAX);
		FUZZ_REQUIRE(fleet_entry_seal(
				 &entry, &keys, ID, &again, &len) == ERR_OK);
		FUZZ_REQUIRE(
		    fleet_entry_open(&back, &keys, ID, again, len) == ERR_OK);
		FUZZ_REQUIRE(back.count == entry.count);
		fleet_entry_free(&back);
		FUZZ_REQUIRE(fleet_entry_open(&back, &keys, "0123456788", again,
				 len) == ERR_DAMAGED);
		free(again);
	}
	fleet_entry_free(&entry);
	free(value);
}

static void
check_heartbeat(const uint8_t *data, size_t size)
{
	static struct fleet_heartbeat heartbeat;
	static char again[FLEET_HEARTBEAT_MAX + 1];
	uint8_t *bytes = fuzz_copy(data, size);

	if (size <= FLEET_HEARTBEAT_MAX &&
	    fleet_heartbeat_parse(&heartbeat, (const char *)bytes, size) ==
		ERR_OK) {
		FUZZ_REQUIRE(fleet_heartbeat_format(&heartbeat, again) == size);
		FUZZ_REQUIRE(memcmp(again, bytes, size) == 0);
	}
	free(bytes);
}

static void
check_trust(const uint8_t *data, size_t size)
{
	uint8_t *bytes = fuzz_copy(data, size);
	struct fleet_trust trust;
	struct error why;
	enum err rc = fleet_trust_parse(
	    &trust, (const char *)bytes, size, "f", &why);

	FUZZ_REQUIRE(rc == ERR_OK || rc == ERR_CONFIG);
	FUZZ_REQUIRE((rc == ERR_OK) == (trust.may_issue || trust.may_revoke));
	if (rc == ERR_OK)
		FUZZ_REQUIRE(
		    trust.users[0] != '\0' && trust.services[0] != '\0');
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_entry(data, size);
	check_heartbeat(data, size);
	check_trust(data, size);
	return 0;
}
