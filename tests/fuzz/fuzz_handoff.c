/*
 * The record of a hand-off, its proof, and the verdict on both: as they are,
 * when nothing may be accepted, and sealed by us.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "session/handoff.h"

static const struct process SELF = {4711, 815};
static const struct process OTHER = {4711, 816};

/* Without the key, no record or proof is accepted. */
static void
check_unsealed(const uint8_t *data, size_t size)
{
	uint8_t *bytes = fuzz_copy(data, size), nonce[HANDOFF_NONCE_LEN];
	char *text = fuzz_string(data, size);
	struct handoff handoff;

	FUZZ_REQUIRE(handoff_decode(&handoff, &SELF, fuzz_key, bytes, size) ==
	    ERR_DAMAGED);
	FUZZ_REQUIRE(handoff.id[0] == '\0');
	FUZZ_REQUIRE(!handoff_check_proof(text, nonce, &SELF, fuzz_key));
	free(bytes);
	free(text);
}

/* The only proof of a nonce; at says where a letter of it is changed. */
static void
check_proof(const uint8_t nonce[HANDOFF_NONCE_LEN], unsigned at)
{
	char proof[HANDOFF_PROOF_LEN + 1];
	uint8_t found[HANDOFF_NONCE_LEN];

	handoff_prove(proof, nonce, &SELF, fuzz_key);
	FUZZ_REQUIRE(handoff_is_proof(proof));
	FUZZ_REQUIRE(handoff_check_proof(proof, found, &SELF, fuzz_key));
	FUZZ_REQUIRE(memcmp(found, nonce, sizeof(found)) == 0);
	FUZZ_REQUIRE(!handoff_check_proof(proof, found, &OTHER, fuzz_key));
	proof[at % HANDOFF_PROOF_LEN] ^= 1;
	FUZZ_REQUIRE(!handoff_check_proof(proof, found, &SELF, fuzz_key));
	proof[at % HANDOFF_PROOF_LEN] = '\0';
	FUZZ_REQUIRE(!handoff_is_proof(proof));
}

/* What handoff_verdict must return, by handoff.h. */
static enum handoff_outcome
expected_outcome(const struct handoff_evidence *evidence)
{
	const struct handoff *handoff = evidence->handoff;
	/* With room for any difference. */
	__int128 age = (__int128)evidence->now - handoff->at;

	if (evidence->record == HANDOFF_NO_RECORD &&
	    evidence->proof != HANDOFF_UNKNOWN_PROOF &&
	    evidence->proof != HANDOFF_PROOF)
		return HANDOFF_NOTHING;
	return evidence->record == HANDOFF_RECORD &&
		evidence->proof == HANDOFF_PROOF &&
		memcmp(evidence->nonce, handoff->nonce, HANDOFF_NONCE_LEN) ==
		    0 &&
		evidence->user != NULL &&
		strcmp(evidence->user, handoff->user) == 0 &&
		evidence->service != NULL &&
		strcmp(evidence->service, handoff->service) == 0 && age >= 0 &&
		age <= HANDOFF_AGE_MAX
	    ? HANDOFF_TOKEN
	    : HANDOFF_REFUSED;
}

static const char *
name_by(unsigned choice, const char *right)
{
	return choice == 0 ? right : choice == 1 ? "somebody" : NULL;
}

/* Judges the decoded record; choices make up the rest of the evidence. */
static void
check_judgement(const struct handoff *handoff, struct fuzz_input *choices)
{
	static const int64_t AGES[] = {0, 1, 600, 601, -1};
	uint8_t nonce[HANDOFF_NONCE_LEN];
	struct error why = {""};
	struct handoff_evidence evidence = {
	    .record = fuzz_below(choices, 3),
	    .proof = fuzz_below(choices, 4),
	    .handoff = handoff,
	    .nonce = nonce,
	    .user = name_by(fuzz_below(choices, 3), handoff->user),
	    .service = name_by(fuzz_below(choices, 3), handoff->service),
	};
	unsigned age = fuzz_below(choices, COUNT_OF(AGES) + 1);

	memcpy(nonce, handoff->nonce, sizeof(nonce));
	nonce[7] ^= (uint8_t)fuzz_below(choices, 2);
	evidence.now = (int64_t)fuzz_number(choices, 8);
	if (age < COUNT_OF(AGES) &&
	    __builtin_add_overflow(handoff->at, AGES[age], &evidence.now))
		evidence.now = 0;
	FUZZ_REQUIRE(
	    handoff_verdict(&evidence, &why) == expected_outcome(&evidence));
}

static void
check_sealed(uint8_t *bytes, size_t len, struct fuzz_input *choices)
{
	uint8_t again[HANDOFF_BYTES_MAX];
	struct handoff handoff;
	size_t again_len = 0;

	crypto_mac(
	    bytes + len, fuzz_key, CRYPTO_NAME_HANDOFF, "4711-815", bytes, len);
	len += CRYPTO_HASH_LEN;
	if (handoff_decode(&handoff, &SELF, fuzz_key, bytes, len) != ERR_OK) {
		FUZZ_REQUIRE(handoff.id[0] == '\0');
		return;
	}
	FUZZ_REQUIRE(token_id_valid(handoff.id));
	FUZZ_REQUIRE(handoff_encode(&handoff, &SELF, fuzz_key, again,
			 &again_len) == ERR_OK);
	/* There is one encoding of a record, and one process that reads it. */
	FUZZ_REQUIRE(again_len == len && memcmp(again, bytes, len) == 0);
	FUZZ_REQUIRE(handoff_decode(&handoff, &OTHER, fuzz_key, bytes, len) ==
	    ERR_DAMAGED);
	FUZZ_REQUIRE(
	    handoff_decode(&handoff, &SELF, fuzz_key, bytes, len) == ERR_OK);
	check_proof(handoff.nonce, fuzz_byte(choices));
	check_judgement(&handoff, choices);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	FUZZ_REQUIRE(crypto_init(NULL) == ERR_OK);
	return 0;
}

/* Choices for the verdict, followed by the record. */
#define CHOICES 16

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input choices = {data, size < CHOICES ? size : CHOICES};
	size_t len = size - choices.left;
	uint8_t *bytes = malloc(len + CRYPTO_HASH_LEN);

	FUZZ_REQUIRE(bytes != NULL);
	check_unsealed(data, size);
	if (len > 0)
		memcpy(bytes, data + CHOICES, len);
	check_sealed(bytes, len, &choices);
	free(bytes);
	return 0;
}
