/* A question at the door, while it is being answered. */
#ifndef TOKENADM_DOOR_INQUIRY_H
#define TOKENADM_DOOR_INQUIRY_H

#include "base/error.h"
#include "config/config.h"
#include "door/door_message.h"
#include "door/door_peer.h"
#include "login/attempt.h"
#include "login/attempt_run.h"

struct inquiry {
	const struct config *config;
	const struct door_peer *peer;
	struct door_question question;
	char id[TOKEN_ID_LEN + 1];
	struct attempt attempt; /* of what is asked */
	struct attempt_outcome outcome;
	bool is_listed;  /* the session that was opened */
	uint32_t number; /* of that session */
	struct error why;
};

/* Sets the attempt to what is asked; nothing of it is believed yet. */
void inquiry_begin(struct inquiry *inquiry);

/*
 * Whether the caller may ask; the address is taken from him only if he is
 * believed. Errors as door_authority.
 */
enum err inquiry_check_authority(struct inquiry *inquiry);

/* Is this token good? Sets the outcome. Errors as decide_attempt. */
enum err inquiry_judge(struct inquiry *inquiry);

/*
 * Opens or closes a session of the process that asks, which has to be root's.
 * Errors as session_begin_enter and session_begin_confirm.
 */
enum err inquiry_serve_session(struct inquiry *inquiry);

/* The lines of the log, the same as the module's. */
void inquiry_log(const struct inquiry *inquiry, enum err rc);

#endif
