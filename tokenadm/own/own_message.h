/*
 * What is said at the door about one's own tokens: first a request, which is a
 * command as it was typed; then what the command writes, what it asks, and how
 * it ended. Each is one packet. Pure.
 *
 * A packet is the version, the kind, its length (2 bytes, little-endian), and
 * the rest: of a request, the terminal and the texts; of an end, the exit code,
 * and what went wrong as a line of JSON, see outcome.h; else a text, which may
 * hold any bytes. One of another version, kind or length
 * is damaged as a whole.
 */
#ifndef TOKENADM_OWN_MESSAGE_H
#define TOKENADM_OWN_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/terminal.h"
#include "token/record.h"

#define OWN_PACKET_MAX 16384
#define OWN_TEXT_MAX 4096 /* bytes of a text that is no request's */
#define OWN_ARGUMENTS_MAX 64
#define OWN_INPUT_MAX 8192 /* bytes of standard input */

/* Higher than the kinds in door_message.h: both come to the same door. */
enum own_kind {
	OWN_REQUEST = 16,
	/* From the door: */
	OWN_OUTPUT,     /* for standard output; OWN_WRITTEN is the answer */
	OWN_ERRORS,     /* for standard error */
	OWN_ASK,        /* a question; OWN_ANSWER is the answer */
	OWN_ASK_HIDDEN, /* likewise, to be typed without an echo */
	OWN_END,
	/* To the door: */
	OWN_WRITTEN,
	OWN_ANSWER,
	/*
	 * From the door: it wants more of standard input than came with the
	 * request. The answer is OWN_INPUT, any bytes; none at its end.
	 */
	OWN_MORE,
	OWN_INPUT,
};

struct own_request {
	struct terminal terminal; /* of the asking side */
	char user[RECORD_USER_MAX + 1];
	int argc; /* the verb, then its options and operands */
	char *argv[OWN_ARGUMENTS_MAX + 1]; /* in texts; NULL at its end */
	size_t input_len;
	char input[OWN_INPUT_MAX]; /* standard input */
	char texts[OWN_PACKET_MAX];
};

/*
 * Encodes the request to *len bytes. ERR_INVALID: it is too long, or has too
 * many arguments.
 */
enum err own_request_encode(const struct own_request *request,
    uint8_t bytes[OWN_PACKET_MAX], size_t *len);

/* ERR_DAMAGED: all of it is empty then. The caller wipes the request. */
enum err own_request_decode(
    struct own_request *request, const uint8_t *bytes, size_t len);

/* Encodes a text of at most OWN_TEXT_MAX bytes; returns how many that are. */
size_t own_text_encode(enum own_kind kind, const char *text, size_t text_len,
    uint8_t bytes[OWN_PACKET_MAX]);

/* Encodes the end; a failure that is too long for a packet is left out. */
size_t own_end_encode(
    int code, const char *failure, uint8_t bytes[OWN_PACKET_MAX]);

/*
 * Decodes any packet but a request: *text points into bytes; of an end it is
 * the exit code, in one byte, and then the failure, which may be empty.
 * ERR_DAMAGED.
 */
enum err own_decode(enum own_kind *kind, const char **text, size_t *text_len,
    const uint8_t *bytes, size_t len);

#endif
