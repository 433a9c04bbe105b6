/*
 * A stored token, in memory and as bytes. Pure.
 *
 * The bytes are a version, then fields in ascending order of their numbers,
 * each as number (1 byte), length (2 bytes, little-endian) and content; empty
 * ones are left out; then a MAC over all of it and the token's id. So a
 * flipped bit, a cut, or a record under another's id reads as damage.
 */
#ifndef APITOKEN_RECORD_H
#define APITOKEN_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/boot.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/picture.h"
#include "base/network.h"
#include "base/parse.h"
#include "token/token.h"

#define RECORD_USER_MAX 256 /* LOGIN_NAME_MAX of Linux */
#define RECORD_SERVICES_MAX 1024
#define RECORD_SCOPES_MAX 256
#define RECORD_NETWORKS_MAX 64
#define RECORD_BY_MAX 256
#define RECORD_REASON_MAX 256
#define RECORD_MAX_SESSIONS 10000

enum record_state {
	RECORD_ACTIVE = 1,
	RECORD_REVOKED = 2,     /* by someone */
	RECORD_DEACTIVATED = 3, /* its account was disabled, or it is unused */
};

/* What ends a token, besides expiry and revocation. */
enum record_lifetime {
	RECORD_LASTING = 0,
	RECORD_ONCE = 1,         /* its first login */
	RECORD_UNTIL_LOGOUT = 2, /* the end of its first session */
};
#define RECORD_TICKET_LEN CRYPTO_HASH_LEN /* letters */

/* Who did something, when and why. at is 0 if it never happened. */
struct record_event {
	int64_t at;
	char by[RECORD_BY_MAX + 1];
	char reason[RECORD_REASON_MAX + 1];
};
#define RECORD_BY_LOGIN "pam_apitoken" /* by, if a login did it */

struct record {
	char id[TOKEN_ID_LEN + 1];
	uint8_t digest[CRYPTO_HASH_LEN]; /* see store_digest */
	enum record_state state;
	char user[RECORD_USER_MAX + 1]; /* the owner's canonical name */
	uid_t uid;                      /* and its uid when it was issued */
	bool local;                     /* it was in /etc/passwd then */
	char name[PARSE_NAME_MAX + 1];
	char description[PARSE_DESCRIPTION_MAX + 1];
	char services[RECORD_SERVICES_MAX + 1]; /* a list, see list.h */
	char scopes[RECORD_SCOPES_MAX + 1];     /* likewise */
	struct network from[RECORD_NETWORKS_MAX];
	size_t from_count; /* 0: from anywhere */
	int64_t expires;   /* from this second on, or TIME_NEVER */
	struct record_event created;
	struct record_event ended;    /* last revoked or deactivated */
	struct record_event approved; /* last approved again */
	struct record_event changed;  /* last edited */
	/*
	 * Of a rotation: the token that this one replaces, until its first
	 * login, and the one that replaces this one; "" for none.
	 */
	char predecessor[TOKEN_ID_LEN + 1];
	char successor[TOKEN_ID_LEN + 1];
	/*
	 * For the life of a successor, which is counted from created, or
	 * from starts if that is later: the
	 * expiry before an overlap cut it, or, if the expiry was edited, what
	 * it would be had it been so at the start; 0: as expires. It is not
	 * restored.
	 */
	int64_t uncut;
	enum record_lifetime lifetime;
	/* If used up: the ticket of the login that did it; or "". */
	char ticket[RECORD_TICKET_LEN + 1];
	/*
	 * If until log-out: when its first session began, as in the list of
	 * sessions, and in which boot; 0 and "" before that.
	 */
	int64_t begun;
	char boot[BOOT_LEN + 1];
	bool is_short;  /* its text is: see token.h */
	int64_t starts; /* refused before it; 0: good at once */
	/* Sessions at the same time, to RECORD_MAX_SESSIONS; 0: no limit. */
	uint32_t max_sessions;
	char preset[PARSE_SERVICE_MAX + 1]; /* that it was issued with; or "" */
	/* It was revoked by the use of its successor, and not approved since.
	 */
	bool is_replaced;
	/*
	 * The type of its logo, and a mark that no other image has: see logo.h.
	 * Both are 0 if it has none.
	 */
	enum picture_type logo;
	uint64_t logo_mark;
};

/* The word for a state: active, revoked, deactivated. */
const char *record_state_name(enum record_state state);

/* The same for a lifetime: one-login, until-logout, or "" for a lasting one. */
const char *record_lifetime_name(enum record_lifetime lifetime);

/*
 * Whether its state and expiry let the token log in, now or once it starts: it
 * takes a name and a place in the quota.
 */
bool record_is_usable(const struct record *record, int64_t now);

/* Whether its start is over. */
bool record_has_started(const struct record *record, int64_t now);

#define RECORD_BYTES_MAX 8192

/*
 * Encodes the record, sealed with key, and sets *len.
 * ERR_INTERNAL if it does not fit, which its limits exclude.
 */
enum err record_encode(const struct record *record,
    const uint8_t key[CRYPTO_KEY_LEN], uint8_t bytes[RECORD_BYTES_MAX],
    size_t *len);

/*
 * Decodes what was stored under id. ERR_DAMAGED, or ERR_NEWER for a sealed
 * record that this version does not understand; *record is empty then.
 */
enum err record_decode(struct record *record, const char id[TOKEN_ID_LEN + 1],
    const uint8_t key[CRYPTO_KEY_LEN], const uint8_t *bytes, size_t len);

#endif
