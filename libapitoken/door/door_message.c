#include "door/door_message.h"

#include <assert.h>
#include <string.h>

#include "base/crypto.h"
#include "base/list.h"
#include "base/little_endian.h"
#include "base/packed_texts.h"
#include "base/packet_head.h"

#define FORMAT 1
/* A question's: three flags, lifetime, audit session, number, patience. */
#define QUESTION_NUMBERS (3 + 1 + 4 + 4 + 4)
/* An answer's: lifetime, two flags, expiry, number. */
#define ANSWER_NUMBERS (1 + 2 + 8 + 4)

static const struct text_member QUESTION[] = {
    {TEXT_MEMBER(struct door_question, user)},
    {TEXT_MEMBER(struct door_question, service)},
    {TEXT_MEMBER(struct door_question, from)},
    {TEXT_MEMBER(struct door_question, need)},
    {TEXT_MEMBER(struct door_question, text)},
    {TEXT_MEMBER(struct door_question, id)},
    {TEXT_MEMBER(struct door_question, ticket)},
    {TEXT_MEMBER(struct door_question, name)},
    {TEXT_MEMBER(struct door_question, tty)},
    {TEXT_MEMBER(struct door_question, before.scope)},
};
#define QUESTION_COUNT (sizeof(QUESTION) / sizeof(QUESTION[0]))

static const struct text_member ANSWER[] = {
    {TEXT_MEMBER(struct door_answer, id)},
    {TEXT_MEMBER(struct door_answer, name)},
    {TEXT_MEMBER(struct door_answer, scopes)},
    {TEXT_MEMBER(struct door_answer, ticket)},
};
#define ANSWER_COUNT (sizeof(ANSWER) / sizeof(ANSWER[0]))

static_assert(PACKET_HEAD + QUESTION_NUMBERS + sizeof(struct door_question) +
	    QUESTION_COUNT * PACKED_TEXT_HEAD <=
	DOOR_PACKET_MAX,
    "the longest question must fit");
static_assert(PACKET_HEAD + ANSWER_NUMBERS + sizeof(struct door_answer) +
	    ANSWER_COUNT * PACKED_TEXT_HEAD <=
	DOOR_PACKET_MAX,
    "the longest answer must fit");

/* Takes a flag; clears *is_good if it is another number. */
static bool
take_flag(const uint8_t **bytes, bool *is_good)
{
	uint8_t flag = *(*bytes)++;

	*is_good = *is_good && flag <= 1;
	return flag == 1;
}

static enum record_lifetime
take_lifetime(const uint8_t **bytes, bool *is_good)
{
	uint8_t lifetime = *(*bytes)++;

	*is_good = *is_good && lifetime <= RECORD_UNTIL_LOGOUT;
	return lifetime <= RECORD_UNTIL_LOGOUT ? (enum record_lifetime)lifetime
					       : RECORD_LASTING;
}

size_t
door_question_encode(
    const struct door_question *question, uint8_t bytes[DOOR_PACKET_MAX])
{
	uint8_t *out = bytes + PACKET_HEAD;
	size_t len;

	*out++ = question->is_shared;
	*out++ = question->limits_sessions;
	*out++ = question->before.is_known;
	*out++ = (uint8_t)question->lifetime;
	out = little_endian_put(out, question->before.audit, 4);
	out = little_endian_put(out, question->number, 4);
	out = little_endian_put(out, question->patience, 4);
	len = packed_texts_put(out, question, QUESTION, QUESTION_COUNT);
	if (len == 0)
		return 0;
	len += PACKET_HEAD + QUESTION_NUMBERS;
	packet_head_put(bytes, FORMAT, question->kind, len);
	return len;
}

/* Nothing of a session where none is meant. */
static bool
has_no_session(const struct door_question *question)
{
	return !question->is_shared && !question->limits_sessions &&
	    !question->before.is_known && question->before.audit == 0 &&
	    question->before.scope[0] == '\0' && question->number == 0 &&
	    question->lifetime == RECORD_LASTING && question->tty[0] == '\0' &&
	    question->name[0] == '\0';
}

/* A text where one is to be judged, an id where one was accepted. */
static bool
has_token(const struct door_question *question)
{
	char id[TOKEN_ID_LEN + 1];

	if (question->kind != DOOR_AUTHENTICATE)
		return question->text[0] == '\0' &&
		    token_id_valid(question->id);
	return token_parse(question->text, id) && question->id[0] == '\0' &&
	    question->ticket[0] == '\0';
}

static bool
is_question(const struct door_question *question)
{
	char list[sizeof(question->need)], bad[LIST_WORD_MAX + 1];
	struct network address;

	if (question->user[0] == '\0' || question->service[0] == '\0' ||
	    (question->from[0] != '\0' &&
		!network_parse_address(question->from, &address)) ||
	    !list_parse(
		question->need, parse_is_scope, list, sizeof(list), bad) ||
	    !has_token(question))
		return false;
	switch (question->kind) {
	case DOOR_AUTHENTICATE:
	case DOOR_ACCOUNT:
		return has_no_session(question);
	case DOOR_OPEN_SESSION:
		return parse_is_name(question->name) && question->number == 0;
	case DOOR_CLOSE_SESSION:
		return true;
	}
	return false;
}

/* Reads what follows the head. */
static bool
take_question(struct door_question *question, const uint8_t *bytes, size_t len)
{
	bool is_good = true;

	question->is_shared = take_flag(&bytes, &is_good);
	question->limits_sessions = take_flag(&bytes, &is_good);
	question->before.is_known = take_flag(&bytes, &is_good);
	question->lifetime = take_lifetime(&bytes, &is_good);
	question->before.audit = (uint32_t)little_endian_take(&bytes, 4);
	question->number = (uint32_t)little_endian_take(&bytes, 4);
	question->patience = (uint32_t)little_endian_take(&bytes, 4);
	return is_good &&
	    packed_texts_take(question, QUESTION, QUESTION_COUNT, bytes,
		len - QUESTION_NUMBERS) &&
	    is_question(question);
}

enum err
door_question_decode(
    struct door_question *question, const uint8_t *bytes, size_t len)
{
	*question = (struct door_question){0};
	if (packet_head_fits(bytes, len, FORMAT, QUESTION_NUMBERS) &&
	    bytes[1] >= DOOR_AUTHENTICATE && bytes[1] <= DOOR_CLOSE_SESSION) {
		question->kind = (enum door_question_kind)bytes[1];
		if (take_question(
			question, bytes + PACKET_HEAD, len - PACKET_HEAD))
			return ERR_OK;
	}
	crypto_wipe(question, sizeof(*question));
	return ERR_DAMAGED;
}

size_t
door_answer_encode(
    const struct door_answer *answer, uint8_t bytes[DOOR_PACKET_MAX])
{
	uint8_t *out = bytes + PACKET_HEAD;
	size_t len;

	*out++ = (uint8_t)answer->lifetime;
	*out++ = answer->limits_sessions;
	*out++ = answer->is_listed;
	out = little_endian_put(out, (uint64_t)answer->expires, 8);
	out = little_endian_put(out, answer->number, 4);
	len = packed_texts_put(out, answer, ANSWER, ANSWER_COUNT);
	if (len == 0)
		return 0;
	len += PACKET_HEAD + ANSWER_NUMBERS;
	packet_head_put(bytes, FORMAT, answer->kind, len);
	return len;
}

/* Whether nothing is told of a token. */
static bool
is_silent(const struct door_answer *answer)
{
	return answer->lifetime == RECORD_LASTING && answer->id[0] == '\0' &&
	    answer->name[0] == '\0' && answer->scopes[0] == '\0' &&
	    answer->ticket[0] == '\0' && answer->expires == 0 &&
	    !answer->limits_sessions;
}

/*
 * A token is told to who had its text, a session to who opened it, and of a
 * refused one nothing.
 */
static bool
is_answer(const struct door_answer *answer)
{
	bool has_session = answer->is_listed || answer->number != 0;

	if (answer->kind == DOOR_ACCEPTED && !is_silent(answer))
		return token_id_valid(answer->id) &&
		    parse_is_name(answer->name) && answer->expires > 0 &&
		    !has_session;
	return is_silent(answer) &&
	    (!has_session ||
		(answer->kind == DOOR_ACCEPTED && answer->is_listed));
}

static bool
take_answer(struct door_answer *answer, const uint8_t *bytes, size_t len)
{
	bool is_good = true;
	uint64_t expires;

	answer->lifetime = take_lifetime(&bytes, &is_good);
	answer->limits_sessions = take_flag(&bytes, &is_good);
	answer->is_listed = take_flag(&bytes, &is_good);
	expires = little_endian_take(&bytes, 8);
	answer->expires = (int64_t)expires;
	answer->number = (uint32_t)little_endian_take(&bytes, 4);
	return is_good && expires <= INT64_MAX &&
	    packed_texts_take(
		answer, ANSWER, ANSWER_COUNT, bytes, len - ANSWER_NUMBERS) &&
	    is_answer(answer);
}

enum err
door_answer_decode(struct door_answer *answer, const uint8_t *bytes, size_t len)
{
	*answer = (struct door_answer){0};
	if (packet_head_fits(bytes, len, FORMAT, ANSWER_NUMBERS) &&
	    bytes[1] >= DOOR_ACCEPTED && bytes[1] <= DOOR_DISABLED) {
		answer->kind = (enum door_answer_kind)bytes[1];
		if (take_answer(answer, bytes + PACKET_HEAD, len - PACKET_HEAD))
			return ERR_OK;
	}
	crypto_wipe(answer, sizeof(*answer));
	return ERR_DAMAGED;
}
