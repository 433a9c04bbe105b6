/* What there is to tell about a token, and over which channel. */
#ifndef TOKENADM_NOTICE_H
#define TOKENADM_NOTICE_H

#include <stdint.h>

#include "base/error.h"
#include "token/record.h"

enum notice_channel {
	NOTICE_COMMAND, /* [notify] command */
	NOTICE_MAIL,    /* to the owner */
};
#define NOTICE_CHANNELS (NOTICE_MAIL + 1)

enum notice_kind {
	NOTICE_NONE = 0,
	NOTICE_EXPIRES, /* soon */
	NOTICE_ENDED,   /* it has expired, or was revoked or deactivated */
};

struct notice {
	enum notice_kind kind;
	const struct record *record;
	int64_t before; /* of NOTICE_EXPIRES: the time of the config, seconds */
	int64_t ended;  /* of NOTICE_ENDED: when */
	int64_t now;
};

/*
 * Sends a notice. Any error: it was not sent, and is tried again by the next
 * run. ERR_REFUSED: the channel is of no use in this run, and why was said.
 */
typedef enum err notice_sender(enum notice_channel channel,
    const struct notice *notice, void *arg, struct error *why);

#endif
