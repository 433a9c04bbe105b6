/*
 * Issuers of a made-up fleet, who sign what a test gives them, and a host in a
 * scratch directory (scratch.h) that is in that fleet.
 */
#ifndef APITOKEN_TEST_FLEET_H
#define APITOKEN_TEST_FLEET_H

#include "fleet/fleet_apply.h"
#include "fleet/fleet_heartbeat.h"
#include "fleet/fleet_snapshot.h"
#include "fleet/fleet_trust.h"
#include "lib/scratch.h"

#define FLEET_ID_TEXT "000102030405060708090a0b0c0d0e0f"

struct issuer_record {
	char id[TOKEN_ID_LEN + 1];
	uint8_t bytes[FLEET_RECORD_MAX];
	size_t len;
};

struct issuer {
	uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN];
	struct fleet_trust trust; /* may both, any user and service, for ever */
	struct fleet_head head;   /* signed last */
	struct issuer_record *records; /* in order of their ids */
	size_t count;
	/* What was signed last; the bytes are those of the records */
	struct fleet_list list;
};

/* One with a key that follows from its name. */
void issuer_start(struct issuer *issuer, const char *name);
void issuer_free(struct issuer *issuer);

/* Sets what it says of an id, or that it says nothing. */
void issuer_put(
    struct issuer *issuer, const char *id, const struct fleet_record *record);
void issuer_drop(struct issuer *issuer, const char *id);

/* Signs all of it with the next seq, at NOW. */
const struct fleet_list *issuer_sign(struct issuer *issuer);

/* Signs the head again as it is now, and reads it as a transport would. */
void issuer_sign_head(struct issuer *issuer);

/* As bytes of a file; to be freed. */
uint8_t *issuer_snapshot(const struct issuer *issuer, size_t *len);

/* An active token of alice for sshd, with this text, for all hosts. */
void fleet_sample(struct fleet_record *record, const char *text);

/* One of which each part is as long as it may be; it is revoked. */
void fleet_sample_largest(struct fleet_record *record, const char *text);

/* A revocation. */
void fleet_sample_revoke(struct fleet_record *record);

/* The host: sets [fleet], makes the directory of trust. */
void fleet_host_start(struct scratch *scratch);

/* Applies what the issuer has signed last. */
struct fleet_applied fleet_host_apply(
    const struct scratch *scratch, const struct issuer *issuer);

/* Writes the issuer's file of trust as its trust is now; removes it. */
void fleet_host_trust(
    const struct scratch *scratch, const struct issuer *issuer);
void fleet_host_distrust(
    const struct scratch *scratch, const struct issuer *issuer);

#endif
