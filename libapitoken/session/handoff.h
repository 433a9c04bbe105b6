/*
 * A token on its way from authentication to the session, where a fork comes
 * between the two and takes what the PAM handle held with it: a sealed record
 * in root's runtime directory, and a proof in the PAM environment, which alone
 * comes back from the fork but which a user can change. Both are good for one
 * process only, that which opens the session. Pure.
 *
 * A record is a version, a nonce, numbers and texts in a fixed order, each
 * text behind its length, and a MAC over all of it and the process.
 */
#ifndef APITOKEN_HANDOFF_H
#define APITOKEN_HANDOFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/error.h"
#include "base/parse.h"
#include "config/config.h"
#include "session/process.h"
#include "token/record.h"
#include "token/token.h"

#define HANDOFF_SERVICE_MAX 255
#define HANDOFF_NONCE_LEN CRYPTO_HASH_LEN
#define HANDOFF_AGE_MAX 600 /* seconds from authentication to the session */

/* An accepted token. Texts are empty rather than absent. */
struct handoff {
	char id[TOKEN_ID_LEN + 1];
	char user[RECORD_USER_MAX + 1]; /* PAM_USER when it was accepted */
	char service[HANDOFF_SERVICE_MAX + 1];
	char need[RECORD_SCOPES_MAX + 8]; /* the scopes that it had to have */
	char name[PARSE_NAME_MAX + 1];
	char scopes[RECORD_SCOPES_MAX + 1]; /* those that it has */
	/* Of a token for one login: what proves that this is the one. */
	char ticket[RECORD_TICKET_LEN + 1];
	enum record_lifetime lifetime;
	enum confine_mode confine; /* where it has to be confined */
	int64_t at;                /* seconds after boot */
	uint8_t nonce[HANDOFF_NONCE_LEN];
};

#define HANDOFF_BYTES_MAX 2048

/*
 * Encodes it for the process, sealed with key, and sets *len.
 * ERR_INTERNAL if it does not fit, which its limits exclude.
 */
enum err handoff_encode(const struct handoff *handoff,
    const struct process *process, const uint8_t key[CRYPTO_KEY_LEN],
    uint8_t bytes[HANDOFF_BYTES_MAX], size_t *len);

/*
 * Decodes what was sealed for the process. ERR_DAMAGED, also for a record of
 * another process or version; *handoff is empty then.
 */
enum err handoff_decode(struct handoff *handoff, const struct process *process,
    const uint8_t key[CRYPTO_KEY_LEN], const uint8_t *bytes, size_t len);

/* The proof: the nonce and its MAC for the process, as hexadecimal digits. */
#define HANDOFF_PROOF_LEN (2 * (HANDOFF_NONCE_LEN + CRYPTO_HASH_LEN))
void handoff_prove(char proof[HANDOFF_PROOF_LEN + 1],
    const uint8_t nonce[HANDOFF_NONCE_LEN], const struct process *process,
    const uint8_t key[CRYPTO_KEY_LEN]);

/* Whether text could be a proof, as far as this shows without the key. */
bool handoff_is_proof(const char *text);

/* Whether text is a proof for the process, and of which nonce. */
bool handoff_check_proof(const char *text, uint8_t nonce[HANDOFF_NONCE_LEN],
    const struct process *process, const uint8_t key[CRYPTO_KEY_LEN]);

/* What the process that opens the session has found. */
struct handoff_evidence {
	enum {
		HANDOFF_NO_RECORD,  /* nor one that could be seen */
		HANDOFF_BAD_RECORD, /* which cannot be read, or is damaged */
		HANDOFF_RECORD,
	} record;
	enum {
		HANDOFF_NO_PROOF,
		HANDOFF_FALSE_PROOF,   /* not ours, or for another process */
		HANDOFF_UNKNOWN_PROOF, /* there was no key to check it by */
		HANDOFF_PROOF,
	} proof;
	const struct handoff *handoff; /* of the record */
	const uint8_t *nonce;          /* of the proof */
	const char *user, *service;    /* of the session; may be NULL */
	int64_t now;                   /* seconds after boot */
};

enum handoff_outcome {
	HANDOFF_NOTHING, /* no token had a part in this login */
	HANDOFF_REFUSED, /* one had, or may have had: nothing may pass */
	HANDOFF_TOKEN,   /* that of the record */
};

/*
 * What follows from it. Nothing but a record and a proof that belong together
 * is a token, and nothing but the lack of both is none: without a record, a
 * proof that is false was made up by a user who has no token to gain or to
 * lose by it. why says what is wrong where it is refused.
 */
enum handoff_outcome handoff_verdict(
    const struct handoff_evidence *evidence, struct error *why);

#endif
