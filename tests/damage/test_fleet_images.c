/*
 * Damaged images of fleet.tdb, one after the other: no crash, no hang, no byte
 * changed by a login, and no token taken that an undamaged one would refuse,
 * not even once all has been applied again. Where nothing that matters is
 * touched, tokens are taken.
 *
 * The short form makes one image in a hundred.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/deadline.h"
#include "drawn.h"
#include "fleet/fleet_apply.h"
#include "fleet/fleet_fresh.h"
#include "fleet/fleet_lookup.h"
#include "fleet/fleet_overlay.h"
#include "fleet/fleet_store.h"
#include "harm.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "runs.h"

#define TOKENS 24
#define PATIENCE 20 /* seconds for a step */

/* What is said of every token, by turns; only the first is taken. */
enum fate {
	FATE_ACTIVE,
	FATE_REVOKED,        /* by its issuer */
	FATE_REVOKED_BY_ALL, /* and by another one */
	FATE_REVOKED_BY_OTHER,
	FATE_ELSEWHERE, /* for other hosts */
	FATE_DEACTIVATED_HERE,
	FATES,
};

struct token {
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];
	enum fate fate;
};

/* Before the revocations, and now. */
enum moment {
	MOMENT_OLD,
	MOMENT_NEW,
	MOMENTS
};

static struct scratch *scratch;
static struct issuer hub, guard;
static struct token tokens[TOKENS];
static struct image images[MOMENTS];
static struct layout layouts[MOMENTS];
static char database[SCRATCH_PATH], run[SCRATCH_PATH];

static bool
is_due(const struct token *token, enum moment moment)
{
	return moment == MOMENT_NEW ? token->fate == FATE_ACTIVE
				    : token->fate != FATE_ELSEWHERE;
}

static void
say_by_hub(const struct token *token, enum moment moment)
{
	struct fleet_record record;

	fleet_sample(&record, token->text);
	if (token->fate == FATE_ELSEWHERE)
		strcpy(record.hosts, "db9");
	if (moment == MOMENT_NEW &&
	    (token->fate == FATE_REVOKED ||
		token->fate == FATE_REVOKED_BY_ALL)) {
		record.token.state = RECORD_REVOKED;
		record.token.ended = (struct record_event){NOW, "root", ""};
	}
	issuer_put(&hub, token->id, &record);
}

static void
say_by_guard(const struct token *token)
{
	struct fleet_record record;

	if (token->fate != FATE_REVOKED_BY_ALL &&
	    token->fate != FATE_REVOKED_BY_OTHER)
		return;
	fleet_sample_revoke(&record);
	issuer_put(&guard, token->id, &record);
}

static void
deactivate_here(const struct token *token)
{
	const struct fleet_name name = {.id = "", .issuer = "hub"};
	struct fleet_name own = name;
	struct record_event how = {NOW, "root", "account locked"};
	bool changed = false;

	if (token->fate != FATE_DEACTIVATED_HERE)
		return;
	strcpy(own.id, token->id);
	assert_ok(fleet_overlay_end(&scratch->config, &own, RECORD_DEACTIVATED,
	    &how, &changed, deadline_in(MINUTE), &why));
	assert_true(changed);
}

static void
keep(enum moment moment)
{
	struct image *image = &images[moment];

	image->bytes = scratch_read(database, &image->size);
	assert_true(layout_read(&layouts[moment], image));
}

static void
make_past(void)
{
	for (unsigned i = 0; i < TOKENS; i++) {
		assert_ok(token_make(tokens[i].text, tokens[i].id));
		tokens[i].fate = i % FATES;
		say_by_hub(&tokens[i], MOMENT_OLD);
	}
	(void)issuer_sign(&hub);
	(void)issuer_sign(&guard);
	(void)fleet_host_apply(scratch, &hub);
	(void)fleet_host_apply(scratch, &guard);
	keep(MOMENT_OLD);
	for (unsigned i = 0; i < TOKENS; i++) {
		say_by_hub(&tokens[i], MOMENT_NEW);
		say_by_guard(&tokens[i]);
	}
	(void)issuer_sign(&hub);
	(void)issuer_sign(&guard);
	(void)fleet_host_apply(scratch, &hub);
	(void)fleet_host_apply(scratch, &guard);
	for (unsigned i = 0; i < TOKENS; i++)
		deactivate_here(&tokens[i]);
	keep(MOMENT_NEW);
}

/* All that is applied was seen just now. */
static void
beat(void)
{
	const struct issuer *const all[] = {&hub, &guard};
	struct fleet_heartbeat heartbeat = {.count = COUNT_OF(all)};
	struct fleet_moment moment;

	assert_ok(fleet_moment_now(&moment, NOW, &why));
	strcpy(heartbeat.boot, moment.boot);
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct fleet_beat *one = &heartbeat.beats[i];

		strcpy(one->issuer, all[i]->trust.issuer);
		one->epoch = all[i]->head.epoch;
		one->seq = all[i]->head.seq;
		one->seen = moment.boottime;
	}
	assert_ok(fleet_heartbeat_write(run, &heartbeat, &why));
}

static bool
is_taken(const struct token *token)
{
	const struct fleet_query query = {.id = token->id,
	    .text = token->text,
	    .user = "alice",
	    .service = "sshd",
	    .run = run,
	    .deadline = deadline_in(5000),
	    .now = NOW + 1};
	struct fleet_lookup lookup;
	struct record record;
	enum err rc = fleet_lookup_run(
	    &lookup, &record, &scratch->config, &query, &why);
	bool taken = rc == ERR_OK && lookup.answer == FLEET_SEEN &&
	    record.state == RECORD_ACTIVE;

	runs_expect(rc != ERR_BUSY, "no login waits for ever: %s", why.text);
	runs_tally(RUNS_LOGINS);
	if (taken)
		runs_tally(RUNS_ACCEPTED);
	return taken;
}

/*
 * What may be taken: what any of these moments had. What only this machine had
 * said is gone once a damaged entry that is not found any more was applied
 * again, as it is if the file is moved away.
 */
static void
try_logins(const char *step, const bool moments[MOMENTS], bool all_are_due,
    bool lacks_own)
{
	runs_step(step, PATIENCE);
	for (size_t i = 0; i < TOKENS; i++) {
		bool taken = is_taken(&tokens[i]),
		     may = lacks_own && tokens[i].fate == FATE_DEACTIVATED_HERE;

		for (unsigned k = 0; k < MOMENTS; k++)
			may |= moments[k] && is_due(&tokens[i], (enum moment)k);
		runs_expect(!taken || may, "%s: %s is not taken: fate %d", step,
		    tokens[i].id, (int)tokens[i].fate);
		runs_expect(
		    taken || !all_are_due || !is_due(&tokens[i], MOMENT_NEW),
		    "%s: %s is taken: %s", step, tokens[i].id, why.text);
	}
}

static void
expect_unchanged(const struct image *bad)
{
	size_t size;
	uint8_t *bytes = scratch_read(database, &size);

	runs_expect(size == bad->size && memcmp(bytes, bad->bytes, size) == 0,
	    "logins change nothing");
	free(bytes);
}

/* The same again changes nothing, or is refused, or mends it. */
static void
apply_again(const struct issuer *issuer)
{
	struct fleet_applied applied;
	enum err rc;

	runs_step("apply", PATIENCE);
	rc = fleet_apply(&applied, &scratch->config, &issuer->list,
	    &issuer->trust, NOW, deadline_in(5000), &why);
	runs_expect(rc != ERR_BUSY, "nothing waits for ever: %s", why.text);
	if (rc != ERR_OK)
		runs_tally(RUNS_NOTICED);
}

static void
try_image(struct harm *harm, const bool moments[MOMENTS], bool is_whole)
{
	bool is_undone = layout_is_to_be_undone(&harm->image);

	runs_describe(harm->told);
	scratch_write(database, harm->image.bytes, harm->image.size, 0600);
	/* What is undone is the last that was written: that. */
	try_logins("log in", moments, is_whole, is_undone);
	if (!is_undone)
		expect_unchanged(&harm->image);
	runs_step("check", PATIENCE);
	(void)fleet_store_check(&scratch->config, deadline_in(5000), &why);
	if (!is_undone)
		expect_unchanged(&harm->image);
	apply_again(&hub);
	apply_again(&guard);
	try_logins("log in again", moments, is_whole, !is_whole);
	harm_free(harm);
}

static void
try_damaged(struct unit_random *random, unsigned number)
{
	static const bool NOW_ONLY[MOMENTS] = {[MOMENT_NEW] = true};
	const struct layout *layout = &layouts[MOMENT_NEW];
	struct harm harm;
	bool is_whole;

	harm_start(&harm, &images[MOMENT_NEW], layout, random);
	if (number != 0)
		harm_any(&harm);
	is_whole = harm.image.size == images[MOMENT_NEW].size &&
	    memcmp(harm.image.bytes, images[MOMENT_NEW].bytes,
		harm.image.size) == 0;
	try_image(&harm, NOW_ONLY, is_whole);
}

/* Pages of the disk are older than others. */
static void
try_mixed(struct unit_random *random, unsigned number)
{
	static const bool BOTH[MOMENTS] = {true, true};
	struct harm harm;

	(void)number;
	harm_start(&harm, &images[MOMENT_NEW], &layouts[MOMENT_NEW], random);
	harm_mix(&harm, &images[MOMENT_OLD]);
	try_image(&harm, BOTH, false);
}

static const struct runs RUNS[] = {
    {"damaged", "nobody gets in, and logins change nothing", try_damaged, 30000,
	300},
    {"mixed", "the same, with pages of an older database", try_mixed, 10000,
	100},
};

int
main(void)
{
	void *state;

	if (access("/dev/shm", W_OK) == 0)
		(void)setenv("TMPDIR", "/dev/shm", 0);
	(void)setenv("ASAN_OPTIONS", "exitcode=99", 0);
	drawn_seed(runs_seed());
	printf("# seed %llu\n1..%zu\n", (unsigned long long)runs_seed(),
	    COUNT_OF(RUNS));
	if (crypto_init(NULL) != ERR_OK || scratch_setup_store(&state) != 0)
		return 1;
	scratch = state;
	fleet_host_start(scratch);
	scratch->config.fleet.stale_after = CONFIG_STALE_AFTER_MAX;
	strcpy(run, scratch_path(scratch, "run"));
	strcpy(database, scratch_path(scratch, "lib/" FLEET_DATABASE));
	issuer_start(&hub, "hub");
	issuer_start(&guard, "guard");
	fleet_host_trust(scratch, &hub);
	fleet_host_trust(scratch, &guard);
	make_past();
	beat();
	for (size_t i = 0; i < COUNT_OF(RUNS); i++)
		runs_do(&RUNS[i], (unsigned)i + 1);
	for (unsigned i = 0; i < MOMENTS; i++)
		free(images[i].bytes);
	issuer_free(&hub);
	issuer_free(&guard);
	return scratch_teardown(&state);
}
