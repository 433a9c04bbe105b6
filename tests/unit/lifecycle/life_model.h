/*
 * The life of a token and its successor, modelled a second time, independently
 * of the core: from the manual, not from the code. Knows no store.
 */
#ifndef APITOKEN_LIFE_MODEL_H
#define APITOKEN_LIFE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum event {
	/* both of them */
	ROTATE,         /* with an overlap */
	ROTATE_AT_ONCE, /* without an overlap */
	UNDO,           /* the last rotation, whose output was lost */
	DISABLE,        /* the account, and a sweep notices */
	ENABLE,
	UNUSED, /* for too long: those that are valid */
	APPROVE_USER,
	PRUNE,
	WAIT,      /* until overlaps and edited expiries are over */
	WAIT_LONG, /* until the first token's own expiry is over */
	REBOOT,    /* kills sessions, and empties /run */
	EMPTY,     /* the same without a reboot, as in a container */
	KILL,      /* the hosts of sessions, which then are only listed */
	/* with the first token; with its successor */
	LOGIN_OLD,
	LOGIN_NEW,
	LOGOUT_OLD,
	LOGOUT_NEW,
	APPROVE_OLD,
	APPROVE_NEW,
	REVOKE_OLD,
	REVOKE_NEW,
	DELETE_OLD,
	DELETE_NEW,
	EDIT_OLD, /* the expiry: soon */
	EDIT_NEW,
	EVENTS
};

/* Whether and how a token ends by itself; both tokens are alike. */
enum kind {
	LASTING,
	ONE_LOGIN,
	UNTIL_LOGOUT,
	KINDS
};

enum which {
	OLD,
	NEW,
	BOTH
};

#define LIFE_HOUR INT64_C(3600)
#define LIFE_OVERLAP (10 * LIFE_HOUR)
#define LIFE_EDITED (2 * LIFE_HOUR)
#define LIFE_SPAN (100 * LIFE_HOUR)
#define LIFE_RENEWED (50 * LIFE_HOUR) /* of an expired token */
#define LIFE_WAIT (11 * LIFE_HOUR)
#define LIFE_WAIT_LONG (95 * LIFE_HOUR)

struct model_token {
	bool is_there;
	enum {
		GOOD,
		TAKEN_BACK,
		WITH_ACCOUNT, /* or because it was not used */
	} state;
	bool replaced; /* its successor's use has taken it back */
	int64_t from, until;
	int64_t meant; /* the intended life of a successor */
	/* For a token until log-out */
	bool has_begun;
	enum {
		NO_SESSION,
		LIVE_SESSION,
		DEAD_SESSION
	} session;
	bool other_boot;
};

/* The state before a rotation, for undoing it. */
struct model_undo {
	bool is_possible;
	struct model_token first; /* as it was before */
	struct model_token
	    second; /* the successor that was replaced, if it is_there */
	int64_t cut;
	bool first_edited, second_edited;
	bool second_spared; /* it had expired when the account was disabled */
};

struct model {
	enum kind kind;
	int64_t now;
	bool account;
	struct model_token tokens[BOTH];
	bool waits; /* the successor exists for the first, and is unused */
	struct model_undo undo;
};

/* A first token, issued at that time. */
void model_start(struct model *model, enum kind kind, int64_t now);

/* Whether the event makes sense: a third token is out of scope. */
bool model_can(const struct model *model, enum event event);

/* Applies it. False: it is refused, and nothing changes. */
bool model_do(struct model *model, enum event event);

/* Whether a login would be accepted. */
bool model_accepts(const struct model *model, enum which which);

#endif
