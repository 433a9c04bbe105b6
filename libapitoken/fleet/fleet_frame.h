/*
 * What is said between tokenadm and the programs that speak to a network:
 * frames over a socket, each a kind (1 byte), a length (4 bytes, highest first)
 * and a body. Numbers in bodies are likewise. Pure.
 *
 * Settings come first. Then one request at a time, each with the milliseconds
 * that are left for it, is answered by any heads, items and facts, and one end.
 * A wait is answered by what has changed: records, each of an issuer, and
 * heads.
 */
#ifndef APITOKEN_FLEET_FRAME_H
#define APITOKEN_FLEET_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "fleet/fleet_head.h"
#include "fleet/fleet_snapshot.h"

#define FLEET_FRAME_HEAD 5
#define FLEET_FRAME_MAX 65536 /* bytes of a body */
#define FLEET_FRAME_PROTOCOL "1"

enum fleet_frame_kind {
	FLEET_FRAME_SETTING = 's', /* named */

	FLEET_FRAME_READ_HEADS = 'H', /* milliseconds; https: a file */
	FLEET_FRAME_LIST = 'L',       /* milliseconds, issuer; or a file */
	/* A put, any items and drops, and the request to do it */
	FLEET_FRAME_PUT = 'P',
	FLEET_FRAME_ITEM = 'i',   /* named by its id; in an answer, too */
	FLEET_FRAME_DROP = 'd',   /* an id */
	FLEET_FRAME_COMMIT = 'C', /* milliseconds */
	FLEET_FRAME_WAIT = 'W',   /* milliseconds */
	FLEET_FRAME_STOP = 'X',   /* ends a wait; is not answered */
	FLEET_FRAME_SURVEY = 'V', /* milliseconds */

	FLEET_FRAME_BYTES = 'b',   /* some of a file */
	FLEET_FRAME_IS_HEAD = 'h', /* named by its issuer */
	FLEET_FRAME_FACT = 'v',    /* named: see survey in fleet_engine.h */
	FLEET_FRAME_CHANGED = 'c', /* named by its issuer: id, record */
	FLEET_FRAME_GONE = 'g',    /* named by its issuer: id */
	FLEET_FRAME_END = 'E',     /* code (1 byte), text */
};

struct fleet_frame {
	uint8_t kind;
	const uint8_t *body;
	size_t len;
};

/* Writes what precedes the body. */
void fleet_frame_head(
    uint8_t head[FLEET_FRAME_HEAD], enum fleet_frame_kind kind, size_t len);

/*
 * Takes the first frame of the bytes, which must stay valid: sets *used to its
 * length, or to 0 if some of it is missing. False if it is too long.
 */
bool fleet_frame_take(
    struct fleet_frame *frame, const uint8_t *bytes, size_t len, size_t *used);

/* A name and bytes: the name's length (1 byte), the name, the bytes. */
#define FLEET_NAME_MAX PARSE_HOST_MAX

/* Writes what precedes the bytes; returns its length. */
size_t fleet_frame_name(uint8_t head[1 + FLEET_NAME_MAX], const char *name);

/* Reads the name; the bytes are what is left of the frame's body then. */
bool fleet_frame_take_name(
    struct fleet_frame *frame, char name[FLEET_NAME_MAX + 1]);

/* Reads a number of 4 bytes from the front of the body. */
bool fleet_frame_take_number(struct fleet_frame *frame, uint32_t *number);

/* Reads an id from the front of the body. */
bool fleet_frame_take_id(struct fleet_frame *frame, char id[TOKEN_ID_LEN + 1]);

/* The rest of the body, as the id of a token or the name of an issuer. */
bool fleet_frame_id(const struct fleet_frame *frame, char id[TOKEN_ID_LEN + 1]);
bool fleet_frame_issuer(
    const struct fleet_frame *frame, char issuer[PARSE_HOST_MAX + 1]);

/* The beginning of a step. */
struct fleet_frame_step {
	char issuer[PARSE_HOST_MAX + 1];
	char before[FLEET_HEAD_MAX + 1]; /* "": there is no head */
	char head[FLEET_HEAD_MAX + 1];   /* "": it stays as before */
};

#define FLEET_FRAME_STEP_MAX (1 + PARSE_HOST_MAX + 2 + 2 * FLEET_HEAD_MAX)

/* Writes it; returns its length. */
size_t fleet_frame_step_put(
    uint8_t body[FLEET_FRAME_STEP_MAX], const struct fleet_frame_step *step);

bool fleet_frame_step_take(
    struct fleet_frame_step *step, const struct fleet_frame *frame);

/* The code of an error, and the error; ERR_INTERNAL for what is neither. */
uint8_t fleet_frame_code(enum err rc);
enum err fleet_frame_error(uint8_t code);

#endif
