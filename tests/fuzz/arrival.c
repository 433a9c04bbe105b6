#include "arrival.h"

#include <string.h>

#include "faults.h"
#include "fuzz.h"
#include "pam_apitoken/handoff_exchange.h"

/* All captures of a script: whichever is reused, it is recognized. */
static struct arrival_capture captures[ARRIVAL_CAPTURES_MAX];
static unsigned count;

void
arrival_reset(void)
{
	count = 0;
}

const struct arrival_capture *
arrival_captured(unsigned before)
{
	static const struct arrival_capture NONE;

	return before < count ? &captures[count - 1 - before] : &NONE;
}

void
arrival_capture(struct login *login)
{
	const char *proof = fakepam_getenv(
	    &login->pamh, HANDOFF_EXCHANGE_VARIABLE);
	struct arrival_capture *fresh;

	if (proof == NULL || !handoff_is_proof(proof))
		return;
	FUZZ_REQUIRE(count < ARRIVAL_CAPTURES_MAX);
	fresh = &captures[count++];
	fresh->receiver = machine.parent;
	fresh->model = login->model;
	fresh->at = machine.now;
	strcpy(fresh->proof, proof);
	if (!machine_read_handoff(&machine.parent, fresh->bytes, &fresh->len))
		fresh->len = 0;
}

static bool
is_receiver(const struct arrival_capture *capture)
{
	return capture->receiver.pid == machine.self.pid &&
	    capture->receiver.start == machine.self.start;
}

/* The capture that the record or the proof was made with; NULL: none. */
static const struct arrival_capture *
find_record(const uint8_t *bytes, size_t len)
{
	for (unsigned i = 0; i < count; i++) {
		const struct arrival_capture *one = &captures[i];

		if (is_receiver(one) && one->len == len &&
		    memcmp(one->bytes, bytes, len) == 0)
			return one;
	}
	return NULL;
}

static const struct arrival_capture *
find_proof(const char *proof)
{
	for (unsigned i = 0; proof != NULL && i < count; i++) {
		const struct arrival_capture *one = &captures[i];

		if (is_receiver(one) && strcmp(one->proof, proof) == 0)
			return one;
	}
	return NULL;
}

/* Whether record and proof form a token of this login. */
static bool
is_token(const struct login *login, const struct arrival_capture *record,
    const struct arrival_capture *proof)
{
	return record != NULL && record == proof &&
	    fakepam_same(&record->model.user, &login->pamh.user) &&
	    fakepam_same(&record->model.service, &login->pamh.service) &&
	    machine.now >= record->at &&
	    machine.now - record->at <= HANDOFF_AGE_MAX;
}

enum arrival
arrival_expect(struct login_model *model, struct login *login,
    const struct truth_line *line)
{
	const char *text = fakepam_getenv(
	    &login->pamh, HANDOFF_EXCHANGE_VARIABLE);
	unsigned config = truth_config(line);
	const struct arrival_capture *record = NULL, *proof;
	static uint8_t bytes[MACHINE_FILE_MAX];
	size_t len = 0;
	bool has_record = machine_read_handoff(&machine.self, bytes, &len);
	/* Another store has another key. */
	bool has_key = config == MACHINE_CONFIG_OTHER ||
	    (config == MACHINE_CONFIG_GOOD &&
		machine.trouble != MACHINE_NO_KEY);

	*model = (struct login_model){.state = LOGIN_NONE};
	if (!has_record && (text == NULL || !handoff_is_proof(text)))
		return ARRIVAL_NONE;
	if (line->valid == ANSWER_EITHER || faults_happened())
		return ARRIVAL_UNKNOWN;
	has_key = has_key && line->valid == ANSWER_ACCEPT;
	proof = config == MACHINE_CONFIG_GOOD ? find_proof(text) : NULL;
	if (!has_record) {
		if (!has_key || proof != NULL)
			model->state = LOGIN_REFUSED;
		return ARRIVAL_KNOWN;
	}
	if (config == MACHINE_CONFIG_GOOD)
		record = find_record(bytes, len);
	if (has_key && is_token(login, record, proof))
		*model = record->model;
	else
		model->state = LOGIN_REFUSED;
	return ARRIVAL_KNOWN;
}
