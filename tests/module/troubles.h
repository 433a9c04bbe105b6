/* Each kind of trouble that a login can meet. */
#ifndef APITOKEN_TROUBLES_H
#define APITOKEN_TROUBLES_H

#include "host.h"

#define TROUBLE_COUNT 23

struct trouble {
	const char *name;
	void (*make)(struct host *host); /* once it has issued a token */
	bool in_stack; /* libpam reads it once, at the start */
};

extern const struct trouble TROUBLES[TROUBLE_COUNT];

/* Releases what this process holds for it. */
void trouble_relieve(void);

#endif
