/*
 * Hands a token from authentication to the session when a fork between the two
 * loses what the PAM handle held: by a sealed record in root's runtime
 * directory, and a proof in the PAM environment, which alone comes back from
 * the fork but which a user can change. Both are valid only for the process
 * that opens the session. Pure.
 *
 * A record is a version, a nonce, numbers and texts in a fixed order, each text
 * after its length, and a MAC over all of it and the process.
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
	char need[RECORD_SCOPES_MAX + 8]; /* the scopes that were required */
	char name[PARSE_NAME_MAX + 1];
	char scopes[RECORD_SCOPES_MAX + 1]; /* those of the token */
	/* For one login: proves that this is the login that used it up. */
	char ticket[RECORD_TICKET_LEN + 1];
	enum record_lifetime lifetime;
	bool limits_sessions;      /* the token had max_sessions */
	int64_t expires;           /* as in the record */
	enum confine_mode confine; /* how the session has to be confined */
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

/* Whether text has the form of a proof; needs no key. */
bool handoff_is_proof(const char *text);

/* Whether text is a proof for the process; if so, sets nonce. */
bool handoff_check_proof(const char *text, uint8_t nonce[HANDOFF_NONCE_LEN],
    const struct process *process, const uint8_t key[CRYPTO_KEY_LEN]);

/* What the process that opens the session has found. */
struct handoff_evidence {
	enum {
		HANDOFF_NO_RECORD,  /* none that could be seen */
		HANDOFF_BAD_RECORD, /* unreadable or damaged */
		HANDOFF_RECORD,
	} record;
	enum {
		HANDOFF_NO_PROOF,
		HANDOFF_FALSE_PROOF,   /* not ours, or for another process */
		HANDOFF_UNKNOWN_PROOF, /* there was no key to check it with */
		HANDOFF_PROOF,
	} proof;
	const struct handoff *handoff; /* of the record */
	const uint8_t *nonce;          /* of the proof */
	const char *user, *service;    /* of the session; may be NULL */
	int64_t now;                   /* seconds after boot */
};

enum handoff_outcome {
	HANDOFF_NOTHING, /* no token was used for this login */
	HANDOFF_REFUSED, /* one was, or may have been: refuse all */
	HANDOFF_TOKEN,   /* the record's token */
};

/*
 * Judges the evidence. Only a record and a proof that belong together are a
 * token, and only the lack of both is none. Without a record, a false proof
 * counts as a lack: a user who made it up gains and loses nothing by it. If
 * refused, why says what is wrong.
 */
enum handoff_outcome handoff_verdict(
    const struct handoff_evidence *evidence, struct error *why);

#endif
