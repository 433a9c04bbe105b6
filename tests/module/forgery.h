/* What may have become of record and proof, and of what the host says. */
#ifndef APITOKEN_FORGERY_H
#define APITOKEN_FORGERY_H

#include "forked.h"

/* What authenticate has sent for alice, before it was changed. */
extern struct handoff forgery_sent;
extern struct process forgery_self;

/* Starts a connection of alice's, to which a token has been sent. */
void forgery_start(struct host *host);

struct forgery {
	const char *name;
	void (*make)(struct host *host);
	bool of_proof; /* without the record, it is of no meaning */
};

/* All of them, up to one without a name. */
extern const struct forgery FORGERIES[];

/* Two of them. */
void forgery_proof_made_up(struct host *host);
void forgery_record_gone(struct host *host);

#endif
