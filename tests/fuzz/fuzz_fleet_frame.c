/*
 * What tokenadm and fleet-etcd say to each other: a frame that is taken is what
 * would be written, and so is what is in it.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_frame.h"

static void
check_named(const struct fleet_frame *frame)
{
	struct fleet_frame rest = *frame;
	char name[FLEET_NAME_MAX + 1];
	uint8_t head[1 + FLEET_NAME_MAX];
	size_t len;

	if (!fleet_frame_take_name(&rest, name))
		return;
	len = fleet_frame_name(head, name);
	FUZZ_REQUIRE(len + rest.len == frame->len);
	FUZZ_REQUIRE(memcmp(head, frame->body, len) == 0);
}

static void
check_step(const struct fleet_frame *frame)
{
	uint8_t body[FLEET_FRAME_STEP_MAX];
	struct fleet_frame_step step;

	if (!fleet_frame_step_take(&step, frame))
		return;
	FUZZ_REQUIRE(parse_is_host(step.issuer));
	FUZZ_REQUIRE(fleet_frame_step_put(body, &step) == frame->len);
	FUZZ_REQUIRE(memcmp(body, frame->body, frame->len) == 0);
}

static void
check_texts(const struct fleet_frame *frame)
{
	char id[TOKEN_ID_LEN + 1], issuer[PARSE_HOST_MAX + 1];
	struct fleet_frame rest = *frame;
	uint32_t number;

	FUZZ_REQUIRE(!fleet_frame_id(frame, id) || token_id_valid(id));
	FUZZ_REQUIRE(
	    !fleet_frame_issuer(frame, issuer) || parse_is_host(issuer));
	FUZZ_REQUIRE(
	    fleet_frame_take_number(&rest, &number) == (frame->len >= 4));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = fuzz_copy(data, size), head[FLEET_FRAME_HEAD];
	struct fleet_frame frame;
	size_t at = 0, used;

	while (fleet_frame_take(&frame, bytes + at, size - at, &used) &&
	    used > 0) {
		fleet_frame_head(head, frame.kind, frame.len);
		FUZZ_REQUIRE(used == sizeof(head) + frame.len);
		FUZZ_REQUIRE(used <= size - at);
		FUZZ_REQUIRE(memcmp(head, bytes + at, sizeof(head)) == 0);
		check_named(&frame);
		check_step(&frame);
		check_texts(&frame);
		at += used;
	}
	free(bytes);
	return 0;
}
