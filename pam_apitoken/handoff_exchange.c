#include "handoff_exchange.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "session/rundir.h"
#include "store/key.h"

/* Not the time of day, which may be set at any moment. */
static int64_t
seconds_after_boot(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

static void
forget_proof(pam_handle_t *pamh)
{
	/* libpam logs the removal of a variable that is not set. */
	if (pam_getenv(pamh, HANDOFF_EXCHANGE_VARIABLE) != NULL)
		(void)pam_putenv(pamh, HANDOFF_EXCHANGE_VARIABLE);
}

static enum err
read_key(
    uint8_t key[CRYPTO_KEY_LEN], const struct config *config, struct error *why)
{
	struct keys keys = {0};
	enum err rc = crypto_init(why);

	if (rc == ERR_OK)
		rc = key_read(config->key, &keys, why);
	memcpy(key, keys.handoff, CRYPTO_KEY_LEN);
	crypto_wipe(&keys, sizeof(keys));
	return rc;
}

/* The directory of the records, one for each receiving process. */
static enum err
open_records(int *dir, enum rundir_mode mode, struct error *why)
{
	return rundir_open(dir, RUNDIR, RUNDIR_HANDOFF, mode, why);
}

static void
remove_from(int dir, const struct process *process)
{
	char name[PROCESS_NAME_LEN + 1];

	process_name(process, name);
	(void)rundir_remove(dir, name, NULL);
}

/* Removes the record for a process, if there are any records. */
static void
remove_record(const struct process *process)
{
	int dir;

	if (open_records(&dir, RUNDIR_LOOK, NULL) != ERR_OK)
		return;
	remove_from(dir, process);
	(void)close(dir);
}

void
handoff_exchange_clear(pam_handle_t *pamh)
{
	struct process process;
	int dir;

	forget_proof(pamh);
	if (open_records(&dir, RUNDIR_LOOK, NULL) != ERR_OK)
		return;
	if (process_self(&process, NULL) == ERR_OK)
		remove_from(dir, &process);
	if (process_parent(&process, NULL) == ERR_OK)
		remove_from(dir, &process);
	(void)close(dir);
}

/* Writes the record for the process that the token is login for. */
static enum err
write_record(const struct login_state *login, const uint8_t key[CRYPTO_KEY_LEN],
    struct error *why)
{
	uint8_t bytes[HANDOFF_BYTES_MAX];
	char name[PROCESS_NAME_LEN + 1];
	size_t len = 0;
	int dir;
	enum err rc = handoff_encode(
	    &login->handoff, &login->receiver, key, bytes, &len);

	if (rc != ERR_OK)
		return error_plain(why, rc);
	rc = open_records(&dir, RUNDIR_MAKE, why);
	if (rc != ERR_OK)
		return rc;
	rundir_sweep(dir);
	process_name(&login->receiver, name);
	rc = rundir_write(dir, name, bytes, len, why);
	(void)close(dir);
	return rc;
}

static enum err
put_proof(pam_handle_t *pamh, const struct login_state *login,
    const uint8_t key[CRYPTO_KEY_LEN])
{
	char text[sizeof(HANDOFF_EXCHANGE_VARIABLE "=") + HANDOFF_PROOF_LEN] =
	    HANDOFF_EXCHANGE_VARIABLE "=";

	handoff_prove(
	    text + strlen(text), login->handoff.nonce, &login->receiver, key);
	return pam_putenv(pamh, text) == PAM_SUCCESS ? ERR_OK : ERR_NOMEM;
}

enum err
handoff_exchange_send(pam_handle_t *pamh, struct login_state *login,
    const struct config *config, struct error *why)
{
	uint8_t key[CRYPTO_KEY_LEN];
	/* A fork leaves parent and child with the same program. */
	enum err rc = process_parent_alike(&login->receiver, why);

	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	if (rc == ERR_OK)
		rc = read_key(key, config, why);
	if (rc != ERR_OK)
		return rc;
	login->handoff.at = seconds_after_boot();
	rc = crypto_random(login->handoff.nonce, HANDOFF_NONCE_LEN);
	if (rc != ERR_OK)
		(void)error_plain(why, rc);
	if (rc == ERR_OK)
		rc = write_record(login, key, why);
	if (rc == ERR_OK)
		rc = put_proof(pamh, login, key);
	crypto_wipe(key, sizeof(key));
	if (rc == ERR_OK)
		login->sent = true;
	else
		remove_record(&login->receiver);
	return rc;
}

void
handoff_exchange_recall(pam_handle_t *pamh, struct login_state *login)
{
	forget_proof(pamh);
	if (!login->sent)
		return;
	login->sent = false;
	remove_record(&login->receiver);
}

void
handoff_exchange_discard(pam_handle_t *pamh)
{
	struct process self;
	int dir;

	if (pam_getenv(pamh, HANDOFF_EXCHANGE_VARIABLE) != NULL ||
	    open_records(&dir, RUNDIR_LOOK, NULL) != ERR_OK)
		return;
	if (process_self(&self, NULL) == ERR_OK)
		remove_from(dir, &self);
	(void)close(dir);
}

/* What came for this process, and what is needed to judge it. */
struct arrival {
	uint8_t bytes[HANDOFF_BYTES_MAX];
	size_t len;
	enum err rc;       /* of reading these; ERR_MISSING: there is none */
	const char *proof; /* the variable, or NULL */
	struct process self;
	uint8_t key[CRYPTO_KEY_LEN];
};

/*
 * Reads the record for this process. If even its existence cannot be checked,
 * there is none: a login without a token must not depend on it.
 */
static enum err
read_record(struct arrival *arrival, struct error *why)
{
	char name[PROCESS_NAME_LEN + 1];
	struct process self;
	enum err rc = ERR_MISSING;
	int dir;

	if (open_records(&dir, RUNDIR_LOOK, NULL) != ERR_OK)
		return ERR_MISSING;
	if (process_self(&self, NULL) == ERR_OK) {
		process_name(&self, name);
		rc = rundir_read(dir, name, arrival->bytes,
		    sizeof(arrival->bytes), &arrival->len, why);
	}
	(void)close(dir);
	if (rc == ERR_OK && arrival->len > sizeof(arrival->bytes))
		rc = error_set(
		    why, ERR_DAMAGED, "a record of the hand-off: too long");
	return rc;
}

/* Finds out who this process is, and the key. */
static enum err
prepare(struct arrival *arrival, struct setup *setup, struct error *why)
{
	enum err rc = process_self(&arrival->self, why);

	if (rc == ERR_OK)
		rc = setup_read_config(setup, why);
	if (rc == ERR_OK)
		rc = read_key(arrival->key, &setup->config, why);
	return rc;
}

/* Judges what came; ready is what prepare returned. */
static enum handoff_outcome
weigh_arrival(struct handoff *handoff, const struct arrival *arrival,
    enum err ready, const struct attempt *attempt, struct error *why)
{
	uint8_t nonce[HANDOFF_NONCE_LEN] = {0};
	struct handoff_evidence evidence = {
	    .record = HANDOFF_BAD_RECORD,
	    .proof = HANDOFF_FALSE_PROOF,
	    .handoff = handoff,
	    .nonce = nonce,
	    .user = attempt->user,
	    .service = attempt->service,
	    .now = seconds_after_boot(),
	};

	if (arrival->rc == ERR_MISSING)
		evidence.record = HANDOFF_NO_RECORD;
	else if (arrival->rc == ERR_OK && ready == ERR_OK) {
		if (handoff_decode(handoff, &arrival->self, arrival->key,
			arrival->bytes, arrival->len) == ERR_OK)
			evidence.record = HANDOFF_RECORD;
		else
			(void)error_set(why, ERR_DAMAGED,
			    "a record of the hand-off: damaged");
	}
	if (arrival->proof == NULL)
		evidence.proof = HANDOFF_NO_PROOF;
	else if (ready != ERR_OK)
		evidence.proof = HANDOFF_UNKNOWN_PROOF;
	else if (handoff_check_proof(
		     arrival->proof, nonce, &arrival->self, arrival->key))
		evidence.proof = HANDOFF_PROOF;
	return handoff_verdict(&evidence, why);
}

void
handoff_exchange_receive(pam_handle_t *pamh, struct login_state *login,
    const struct attempt *attempt, struct setup *setup, struct error *why)
{
	static const enum login_state_kind STATES[] = {
	    [HANDOFF_NOTHING] = LOGIN_STATE_NONE,
	    [HANDOFF_REFUSED] = LOGIN_STATE_REFUSED,
	    [HANDOFF_TOKEN] = LOGIN_STATE_TOKEN,
	};
	struct arrival arrival = {
	    .proof = pam_getenv(pamh, HANDOFF_EXCHANGE_VARIABLE)};
	enum err ready;

	*login = (struct login_state){.state = LOGIN_STATE_NONE};
	arrival.rc = read_record(&arrival, why);
	if (arrival.rc == ERR_MISSING &&
	    (arrival.proof == NULL || !handoff_is_proof(arrival.proof)))
		return;
	ready = prepare(&arrival, setup,
	    arrival.rc == ERR_OK || arrival.rc == ERR_MISSING ? why : NULL);
	login->state = STATES[weigh_arrival(
	    &login->handoff, &arrival, ready, attempt, why)];
	crypto_wipe(arrival.key, sizeof(arrival.key));
}

void
handoff_exchange_finish(pam_handle_t *pamh, const struct login_state *login)
{
	struct process self;

	forget_proof(pamh);
	if (login->state != LOGIN_STATE_NONE &&
	    process_self(&self, NULL) == ERR_OK)
		remove_record(&self);
}
