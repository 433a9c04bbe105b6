/*
 * Observed behaviour of programs that use PAM, as far as it matters to tokens.
 * This is the only such table; tests/docs compares it with pam_apitoken(8),
 * SERVICES.
 */
#ifndef TOKENADM_SERVICE_FACTS_H
#define TOKENADM_SERVICE_FACTS_H

/* What the program passes as the client's address (PAM_RHOST). */
enum told_address {
	TOLD_UNKNOWN = 0,
	TOLD_NUMERIC,
	TOLD_NAME, /* a host name, which proves nothing */
	TOLD_NOTHING,
};

struct service_facts {
	const char *service;       /* PAM service name in its package */
	enum told_address address; /* with its usual settings */
	/* When it asks PAM again during one login of its user; or NULL. */
	const char *asks_again;
	/* The setting that makes it cache PAM's answer; or NULL. */
	const char *cache;
};

/* NULL if nothing is known about it. */
const struct service_facts *service_facts_of(const char *service);

/* Its asks_again; also NULL if nothing is known about it. */
const char *service_facts_asks_again(const char *service);

#endif
