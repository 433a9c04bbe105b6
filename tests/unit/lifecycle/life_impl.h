/* Shared by life_store.c and life_events.c. */
#ifndef APITOKEN_LIFE_IMPL_H
#define APITOKEN_LIFE_IMPL_H

#include "life_store.h"
#include "lifecycle/rotation.h"
#include "login/attempt_run.h"
#include "session/session_list.h"

/* The first token, and two that alternate as its successor. */
#define LIFE_POOL 3
#define LIFE_USER "alice"
#define LIFE_PATIENCE 20000

struct life_text {
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];
};

/* Drawn and set up once. */
extern struct life_fixed {
	const struct scratch *scratch;
	const char *run;
	struct life_text pool[LIFE_POOL];
} life_fixed;

/* What events change apart from the store. */
extern struct life {
	enum kind kind;
	int64_t now;
	bool account;
	unsigned successor; /* in the pool; 0: there was none yet */
	bool can_undo;
	struct rotation rotation;
	enum {
		NO_ENTRY,
		LIVE,
		DEAD
	} entries[LIFE_POOL]; /* of sessions */
	int64_t since[LIFE_POOL];
	unsigned boot;
} life;

unsigned life_number(enum which which);

struct store *life_open(enum store_mode mode);

/* Commits the changes, or undoes them if rc is a refusal. */
bool life_close(struct store *store, enum err rc);

bool life_read(unsigned number, struct record *record);

/* Tries a login with the token; true if it is accepted. */
bool life_try(enum which which, struct attempt_outcome *outcome);

/* Adds a session of the token to the list, or removes it. */
void life_enter(unsigned number, int64_t since, struct session *session);
void life_leave(unsigned number);

#endif
