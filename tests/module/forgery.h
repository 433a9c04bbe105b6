/* How record and proof, and what the host says, may be changed. */
#ifndef APITOKEN_FORGERY_H
#define APITOKEN_FORGERY_H

#include "forked.h"

/* What authenticate has sent for alice, before it was changed. */
extern struct handoff forgery_sent;
extern struct process forgery_self;

/* Starts a connection of alice to which a token was sent. */
void forgery_start(struct host *host);

struct forgery {
	const char *name;
	void (*make)(struct host *host);
	bool of_proof; /* without the record, it means nothing */
};

/* All of them; the last one has no name. */
extern const struct forgery FORGERIES[];

/* Two of them. */
void forgery_proof_made_up(struct host *host);
void forgery_record_gone(struct host *host);

#endif
