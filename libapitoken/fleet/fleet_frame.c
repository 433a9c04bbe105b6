#include "fleet/fleet_frame.h"

#include <string.h>

#include "base/big_endian.h"

/* By their codes: they are the same whatever error.h has. */
static const enum err errors[] = {
    ERR_OK,
    ERR_INTERNAL,
    ERR_NOMEM,
    ERR_SYSTEM,
    ERR_BUSY,
    ERR_INVALID,
    ERR_CONFIG,
    ERR_REFUSED,
    ERR_NOT_FOUND,
    ERR_EXISTS,
};

#define ERRORS (sizeof(errors) / sizeof(errors[0]))
#define CODE_INTERNAL 1

void
fleet_frame_head(
    uint8_t head[FLEET_FRAME_HEAD], enum fleet_frame_kind kind, size_t len)
{
	head[0] = (uint8_t)kind;
	(void)big_endian_put(head + 1, len, 4);
}

bool
fleet_frame_take(
    struct fleet_frame *frame, const uint8_t *bytes, size_t len, size_t *used)
{
	uint64_t body;

	*used = 0;
	if (len < FLEET_FRAME_HEAD)
		return true;
	body = big_endian_get(bytes + 1, 4);
	if (body > FLEET_FRAME_MAX)
		return false;
	if (len - FLEET_FRAME_HEAD < body)
		return true;
	*frame = (struct fleet_frame){
	    bytes[0], bytes + FLEET_FRAME_HEAD, (size_t)body};
	*used = FLEET_FRAME_HEAD + (size_t)body;
	return true;
}

static void
move_on(struct fleet_frame *frame, size_t len)
{
	frame->body += len;
	frame->len -= len;
}

/* The next len bytes as a text of at most max, without a NUL in it. */
static bool
take_text(struct fleet_frame *frame, size_t len, char *text, size_t max)
{
	if (len > max || len > frame->len ||
	    memchr(frame->body, '\0', len) != NULL)
		return false;
	memcpy(text, frame->body, len);
	text[len] = '\0';
	move_on(frame, len);
	return true;
}

size_t
fleet_frame_name(uint8_t head[1 + FLEET_NAME_MAX], const char *name)
{
	size_t len = strnlen(name, FLEET_NAME_MAX);

	head[0] = (uint8_t)len;
	memcpy(head + 1, name, len);
	return 1 + len;
}

bool
fleet_frame_take_name(struct fleet_frame *frame, char name[FLEET_NAME_MAX + 1])
{
	size_t len;

	if (frame->len == 0)
		return false;
	len = frame->body[0];
	move_on(frame, 1);
	return take_text(frame, len, name, FLEET_NAME_MAX);
}

bool
fleet_frame_take_number(struct fleet_frame *frame, uint32_t *number)
{
	if (frame->len < 4)
		return false;
	*number = (uint32_t)big_endian_get(frame->body, 4);
	move_on(frame, 4);
	return true;
}

bool
fleet_frame_take_id(struct fleet_frame *frame, char id[TOKEN_ID_LEN + 1])
{
	return take_text(frame, TOKEN_ID_LEN, id, TOKEN_ID_LEN) &&
	    token_id_valid(id);
}

bool
fleet_frame_id(const struct fleet_frame *frame, char id[TOKEN_ID_LEN + 1])
{
	struct fleet_frame rest = *frame;

	return take_text(&rest, rest.len, id, TOKEN_ID_LEN) &&
	    token_id_valid(id);
}

bool
fleet_frame_issuer(
    const struct fleet_frame *frame, char issuer[PARSE_HOST_MAX + 1])
{
	struct fleet_frame rest = *frame;

	return take_text(&rest, rest.len, issuer, PARSE_HOST_MAX) &&
	    parse_is_host(issuer);
}

size_t
fleet_frame_step_put(
    uint8_t body[FLEET_FRAME_STEP_MAX], const struct fleet_frame_step *step)
{
	size_t len = strlen(step->before), at;

	at = fleet_frame_name(body, step->issuer);
	(void)big_endian_put(body + at, len, 2);
	memcpy(body + at + 2, step->before, len);
	at += 2 + len;
	len = strlen(step->head);
	memcpy(body + at, step->head, len);
	return at + len;
}

bool
fleet_frame_step_take(
    struct fleet_frame_step *step, const struct fleet_frame *frame)
{
	struct fleet_frame rest = *frame;
	size_t len;

	if (!fleet_frame_take_name(&rest, step->issuer) ||
	    !parse_is_host(step->issuer) || rest.len < 2)
		return false;
	len = (size_t)big_endian_get(rest.body, 2);
	move_on(&rest, 2);
	return take_text(&rest, len, step->before, FLEET_HEAD_MAX) &&
	    take_text(&rest, rest.len, step->head, FLEET_HEAD_MAX);
}

uint8_t
fleet_frame_code(enum err rc)
{
	for (size_t i = 0; i < ERRORS; i++) {
		if (errors[i] == rc)
			return (uint8_t)i;
	}
	return CODE_INTERNAL;
}

enum err
fleet_frame_error(uint8_t code)
{
	return code < ERRORS ? errors[code] : ERR_INTERNAL;
}
