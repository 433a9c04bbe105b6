/*
 * What becomes of a token and its successor, said once more and in other words
 * than the core has it: from the manual, not from the code. Knows no store.
 */
#ifndef APITOKEN_LIFE_MODEL_H
#define APITOKEN_LIFE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum event {
	/* with both of them */
	ROTATE,         /* with an overlap */
	ROTATE_AT_ONCE, /* without one */
	UNDO,           /* of the last rotation: its output was lost */
	DISABLE,        /* the account, and a sweep sees it */
	ENABLE,
	APPROVE_USER,
	PRUNE,
	WAIT,      /* until overlaps and edited expiries are over */
	WAIT_LONG, /* until the first token's own expiry is over */
	REBOOT,    /* which kills sessions, and empties /run */
	EMPTY,     /* the same without another boot, as of a container */
	KILL, /* the hosts of sessions, which are no more than listed then */
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

/* Tokens end by themselves in one of these ways, or not; both are alike. */
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
#define LIFE_WAIT (11 * LIFE_HOUR)
#define LIFE_WAIT_LONG (95 * LIFE_HOUR)

struct model_token {
	bool is_there;
	enum {
		GOOD,
		TAKEN_BACK,
		WITH_ACCOUNT
	} state;
	int64_t from, until;
	int64_t meant; /* for a successor to live as long */
	/* Of one until log-out */
	bool has_begun;
	enum {
		NO_SESSION,
		LIVE_SESSION,
		DEAD_SESSION
	} session;
	bool other_boot;
};

/* What the undoing of a rotation goes back to. */
struct model_undo {
	bool is_possible;
	struct model_token first;  /* as it was before */
	struct model_token second; /* that made way, if it is_there */
	int64_t cut;
	bool first_edited, second_edited;
};

struct model {
	enum kind kind;
	int64_t now;
	bool account;
	struct model_token tokens[BOTH];
	bool waits; /* the successor is there for the first, and unused */
	struct model_undo undo;
};

/* A first token, issued at that time. */
void model_start(struct model *model, enum kind kind, int64_t now);

/* Whether the event makes sense: a third token would be another story. */
bool model_can(const struct model *model, enum event event);

/* What follows from it. False: it is refused, and nothing is changed. */
bool model_do(struct model *model, enum event event);

/* Whether a login would be let in. */
bool model_accepts(const struct model *model, enum which which);

#endif
