/*
 * What is said at the door: a question and an answer. What is accepted makes
 * sense, and has one encoding; of the rest nothing is left.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "door/door_message.h"

/* Nothing of it is left, padding included. */
static bool
is_empty(const void *object, size_t size)
{
	const uint8_t *bytes = object;
	uint8_t any = 0;

	for (size_t i = 0; i < size; i++)
		any |= bytes[i];
	return any == 0;
}

static void
check_question(const uint8_t *bytes, size_t size)
{
	uint8_t again[DOOR_PACKET_MAX];
	char id[TOKEN_ID_LEN + 1];
	struct door_question question;

	if (door_question_decode(&question, bytes, size) != ERR_OK) {
		FUZZ_REQUIRE(is_empty(&question, sizeof(question)));
		return;
	}
	FUZZ_REQUIRE(door_question_encode(&question, again) == size);
	FUZZ_REQUIRE(memcmp(again, bytes, size) == 0);
	FUZZ_REQUIRE(question.user[0] != '\0' && question.service[0] != '\0');
	FUZZ_REQUIRE(list_has_all(question.need, question.need));
	if (question.kind == DOOR_AUTHENTICATE)
		FUZZ_REQUIRE(
		    token_parse(question.text, id) && question.id[0] == '\0');
	else
		FUZZ_REQUIRE(
		    token_id_valid(question.id) && question.text[0] == '\0');
	if (question.kind == DOOR_OPEN_SESSION)
		FUZZ_REQUIRE(parse_is_name(question.name));
}

static void
check_answer(const uint8_t *bytes, size_t size)
{
	uint8_t again[DOOR_PACKET_MAX];
	struct door_answer answer;

	if (door_answer_decode(&answer, bytes, size) != ERR_OK) {
		FUZZ_REQUIRE(is_empty(&answer, sizeof(answer)));
		return;
	}
	FUZZ_REQUIRE(door_answer_encode(&answer, again) == size);
	FUZZ_REQUIRE(memcmp(again, bytes, size) == 0);
	FUZZ_REQUIRE(answer.id[0] == '\0' ||
	    (token_id_valid(answer.id) && answer.kind == DOOR_ACCEPTED));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = fuzz_copy(data, size);

	check_question(bytes, size);
	check_answer(bytes, size);
	free(bytes);
	return 0;
}
