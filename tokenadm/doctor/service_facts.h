/*
 * What was observed of the programs that ask PAM, and matters to tokens: the
 * one table of it. tests/docs compares it with pam_apitoken(8), SERVICES.
 */
#ifndef TOKENADM_SERVICE_FACTS_H
#define TOKENADM_SERVICE_FACTS_H

/* What PAM is told of the client's address (PAM_RHOST). */
enum told_address {
	TOLD_UNKNOWN = 0,
	TOLD_NUMERIC,
	TOLD_NAME, /* of the client, which is nothing to go by */
	TOLD_NOTHING,
};

struct service_facts {
	const char *service;       /* its PAM name, as its package has it */
	enum told_address address; /* with its usual settings */
	/* When it asks PAM anew in what its user takes for one login; or NULL.
	 */
	const char *asks_again;
	/* The setting by which what PAM accepted once goes on without it; or
	 * NULL.
	 */
	const char *cache;
};

/* NULL: nothing is known of it. */
const struct service_facts *service_facts_of(const char *service);

/* Its asks_again; NULL also where nothing is known of it. */
const char *service_facts_asks_again(const char *service);

#endif
