/*
 * What is said at the door: a question of the module's and the answer to it,
 * each one packet (SOCK_SEQPACKET, unix(7)). Pure.
 *
 * A packet is the version, the kind, its length (2 bytes), numbers (those of
 * more than a byte little-endian), and texts in a fixed order (see
 * packed_texts.h). One of another version, kind or length, or with a value that
 * makes no sense, is damaged as a whole.
 */
#ifndef APITOKEN_DOOR_MESSAGE_H
#define APITOKEN_DOOR_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/network.h"
#include "base/parse.h"
#include "session/session_list.h"
#include "token/record.h"
#include "token/token.h"

#define DOOR_SERVICE_MAX 255
#define DOOR_PACKET_MAX 4096

/* What the door says to whoever comes in; only then is it worth asking. */
#define DOOR_HELLO "apitoken-door 1"

enum door_question_kind {
	DOOR_AUTHENTICATE = 1, /* is this text a token that is accepted? */
	DOOR_ACCOUNT = 2,      /* is this accepted token still good? */
	DOOR_OPEN_SESSION = 3, /* list a session of it, if it still is */
	DOOR_CLOSE_SESSION = 4,
};

struct door_question {
	enum door_question_kind kind;
	char user[RECORD_USER_MAX + 1];
	char service[DOOR_SERVICE_MAX + 1];
	char from[NETWORK_TEXT_LEN + 1];    /* numeric; "": not known */
	char need[RECORD_SCOPES_MAX + 8];   /* a list of scopes */
	char text[TOKEN_LEN + 1];           /* to authenticate; or "" */
	char id[TOKEN_ID_LEN + 1];          /* "" to authenticate */
	char ticket[RECORD_TICKET_LEN + 1]; /* of a used one; or "" */
	/* Of a session, or nothing: */
	char name[PARSE_NAME_MAX + 1];
	char tty[SESSION_TTY_MAX + 1];
	bool is_shared, limits_sessions;
	enum record_lifetime lifetime;
	struct login_ids before;
	uint32_t number; /* to close it */
	/* Always: milliseconds that the caller still waits. */
	uint32_t patience;
};

enum door_answer_kind {
	DOOR_ACCEPTED = 1,
	DOOR_REFUSED = 2,  /* for whatever reason: that is for the log */
	DOOR_DISABLED = 3, /* its account is disabled */
};

/* The texts are those of an accepted token's record, else "". */
struct door_answer {
	enum door_answer_kind kind;
	enum record_lifetime lifetime;
	char id[TOKEN_ID_LEN + 1];
	char name[PARSE_NAME_MAX + 1];
	char scopes[RECORD_SCOPES_MAX + 1];
	char ticket[RECORD_TICKET_LEN + 1];
	int64_t expires;
	bool limits_sessions;
	bool is_listed;  /* the session that was opened */
	uint32_t number; /* of that session; else 0 */
};

/*
 * Encode to at most DOOR_PACKET_MAX bytes; return how many. 0 if a text has no
 * end.
 */
size_t door_question_encode(
    const struct door_question *question, uint8_t bytes[DOOR_PACKET_MAX]);
size_t door_answer_encode(
    const struct door_answer *answer, uint8_t bytes[DOOR_PACKET_MAX]);

/* Decode; ERR_DAMAGED: all of it is empty then. The caller wipes the text. */
enum err door_question_decode(
    struct door_question *question, const uint8_t *bytes, size_t len);
enum err door_answer_decode(
    struct door_answer *answer, const uint8_t *bytes, size_t len);

#endif
