/* A record of a fleet: what is accepted is what would be written again. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "fleet/fleet_record.h"

static size_t
count_words(const char *list)
{
	char word[LIST_WORD_MAX + 1];
	size_t count = 0;

	while (list_next(&list, word))
		count++;
	return count;
}

static void
check_token(const struct fleet_record *record)
{
	const struct record *token = &record->token;

	FUZZ_REQUIRE(token->state >= RECORD_ACTIVE &&
	    token->state <= RECORD_DEACTIVATED);
	FUZZ_REQUIRE(token->user[0] != '\0' && token->name[0] != '\0' &&
	    token->services[0] != '\0');
	FUZZ_REQUIRE(token->created.at > 0 && token->expires > 0);
	FUZZ_REQUIRE(token->from_count <= RECORD_NETWORKS_MAX);
	FUZZ_REQUIRE(count_words(record->hosts) <= FLEET_HOSTS_MAX);
	FUZZ_REQUIRE(count_words(record->groups) <= FLEET_HOSTS_MAX);
	/* What no token of a fleet can have */
	FUZZ_REQUIRE(token->lifetime == RECORD_LASTING && !token->is_short &&
	    token->max_sessions == 0 && token->predecessor[0] == '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = fuzz_copy(data, size), again[FLEET_RECORD_MAX];
	struct fleet_record record;
	size_t len = 0;
	enum err rc = fleet_record_decode(&record, bytes, size);

	FUZZ_REQUIRE(rc == ERR_OK || rc == ERR_INVALID || rc == ERR_NEWER);
	FUZZ_REQUIRE((rc == ERR_OK) == (record.kind != 0));
	if (rc == ERR_OK) {
		FUZZ_REQUIRE(
		    fleet_record_encode(&record, again, &len) == ERR_OK);
		FUZZ_REQUIRE(len == size && memcmp(again, bytes, len) == 0);
		if (record.kind == FLEET_TOKEN)
			check_token(&record);
		else
			FUZZ_REQUIRE(record.token.ended.at > 0);
	}
	free(bytes);
	return 0;
}
