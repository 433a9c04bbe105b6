/* What doctor says of a fleet: of what is known here, and of its engine. */
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"
#include "fleet/fleet_look.h"
#include "outbox/engine.h"

#define MEMBER "https://10.0.0.1:2379"
#define AGENT "systemctl enable --now apitoken-fleet.service"
#define NTP "timedatectl set-ntp true"

/* What a look finds, and what the engine then tells of itself. */
struct fact {
	const char *name, *text;
};
static struct fleet_look known;
static const struct fact *facts;
static size_t fact_count;

static struct context *context;
static struct doctor *doctor;

enum err __wrap_fleet_look_take(
    struct fleet_look *, const struct config *, bool, int64_t, struct error *);
void __wrap_fleet_look_free(struct fleet_look *);
enum err __wrap_engine_open(
    struct engine *, const struct config *, int64_t, struct error *);
void __wrap_engine_close(struct engine *);

enum err
__wrap_fleet_look_take(struct fleet_look *look, const struct config *config,
    bool asks_engine, int64_t now, struct error *error)
{
	(void)config;
	(void)error;
	assert_true(asks_engine);
	assert_int_equal(now, NOW);
	*look = known;
	return ERR_OK;
}

void
__wrap_fleet_look_free(struct fleet_look *look)
{
	(void)look;
}

static enum err
tell(void *state, fleet_engine_taker *take, void *arg, int64_t deadline,
    struct error *error)
{
	(void)state;
	(void)deadline;
	(void)error;
	for (size_t i = 0; i < fact_count; i++)
		assert_ok(take(arg, facts[i].name, facts[i].text));
	return ERR_OK;
}

enum err
__wrap_engine_open(struct engine *engine, const struct config *config,
    int64_t deadline, struct error *error)
{
	static const struct fleet_engine CALLS = {.survey = tell};

	(void)config;
	(void)deadline;
	(void)error;
	*engine = (struct engine){.calls = &CALLS};
	return ERR_OK;
}

void
__wrap_engine_close(struct engine *engine)
{
	(void)engine;
}

/* All is well: one issuer, fresh, signed a minute ago. */
static struct fleet_look_issuer issuer;

static int
setup(void **state)
{
	(void)state;
	context = calloc(1, sizeof(*context));
	doctor = calloc(1, sizeof(*doctor));
	assert_non_null(context);
	assert_non_null(doctor);
	doctor->context = context;
	context->now = NOW;
	strcpy(context->config.fleet.id, "000102030405060708090a0b0c0d0e0f");
	strcpy(context->config.fleet.issuers, "/etc/apitoken/issuers");
	strcpy(context->config.etcd.certificate, "/etc/own.pem");
	issuer = (struct fleet_look_issuer){.trust = {.issuer = "hub"},
	    .is_trusted = true,
	    .has_applied = true,
	    .applied = {.count = 3, .time = NOW - 60},
	    .freshness = FLEET_FRESH};
	known = (struct fleet_look){.issuers = &issuer, .count = 1};
	fact_count = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	report_free(&doctor->report);
	free(doctor);
	free(context);
	return 0;
}

static void
run(void)
{
	report_free(&doctor->report);
	doctor_fleet(doctor);
}

/* The only finding that is worse than OK; NULL: none. */
static const struct report_finding *
only_finding(void)
{
	const struct report_finding *found = NULL;

	for (size_t i = 0; i < doctor->report.count; i++) {
		const struct report_finding *one = &doctor->report.findings[i];

		if (one->state == REPORT_OK)
			continue;
		if (found != NULL)
			fail_msg("`%s` besides `%s`", one->text.text,
			    found->text.text);
		found = one;
	}
	return found;
}

/* fix: exactly; "" for none. */
static void
expect(enum report_state state, const char *says, const char *fix)
{
	const struct report_finding *found;

	run();
	found = only_finding();
	if (found == NULL)
		fail_msg("nothing, instead of `%s`", says);
	assert_row(found->text.text, strstr(found->text.text, says) != NULL);
	assert_row(found->text.text, found->state == state);
	assert_string_equal(found->area, "fleet");
	assert_string_equal(found->fix.text, fix);
}

static void
expect_nothing(const char *of)
{
	run();
	assert_row(of, only_finding() == NULL);
}

/* One fact of a member, which is said to be of that version before. */
static void
member_says(const char *version, const char *name, const char *text)
{
	static struct fact of_member[3];

	of_member[0] = (struct fact){"endpoint", MEMBER};
	of_member[1] = (struct fact){"version", version};
	of_member[2] = (struct fact){name, text};
	facts = of_member;
	fact_count = name == NULL ? 2 : 3;
}

static void
test_well(void **state)
{
	(void)state;
	expect_nothing("a fleet that is well");
	assert_int_equal(doctor->report.count, 1);
	assert_string_equal(doctor->report.findings[0].text.text,
	    "issuer hub: fresh, 3 records");
	context->config.fleet.id[0] = '\0';
	run();
	assert_int_equal(doctor->report.count, 0);
}

static void
test_own(void **state)
{
	(void)state;
	known.outbox = 1;
	expect(REPORT_WARNING,
	    "1 step of what is issued here is not acknowledged", AGENT);
	known.outbox = 2;
	expect(REPORT_WARNING,
	    "2 steps of what is issued here are not acknowledged", AGENT);
	known.outbox = 0;
	strcpy(known.issuer_error.text, "fleet.key: mend it with: chmod");
	expect(REPORT_WRONG, "fleet.key", "chmod");
	known.issuer_error.text[0] = '\0';
	strcpy(known.engine_error.text, "does not answer");
	expect(REPORT_WARNING, "does not answer", "");
}

static void
test_nobody(void **state)
{
	(void)state;
	known.count = 0;
	expect(REPORT_WARNING,
	    "believes nobody: no NAME.pub in /etc/apitoken/issuers", "");
}

static void
test_issuer(void **state)
{
	(void)state;
	issuer.freshness = FLEET_STALE;
	expect(REPORT_WARNING, "issuer hub: what is known of it is not fresh",
	    AGENT);
	issuer.freshness = FLEET_BEHIND;
	expect(REPORT_WRONG,
	    "issuer hub: fleet.tdb is older than what was applied", AGENT);
	/* Whatever else: nothing of it is taken any more. */
	issuer.is_trusted = false;
	expect(REPORT_NOTE, "issuer hub: not trusted any more: not_after", "");
	issuer.freshness = FLEET_FRESH;
	expect(REPORT_NOTE, "issuer hub: not trusted any more: not_after", "");
	issuer.is_trusted = true;
	strcpy(issuer.there_error.text, "hub: not signed right");
	expect(REPORT_WARNING, "not signed right", "");
}

/* A head says when it was signed. */
static void
test_issuer_clock(void **state)
{
	static const int64_t FINE[] = {-3600, -4, -1, 0, 1, 2};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(FINE); i++) {
		issuer.applied.time = NOW + FINE[i];
		expect_nothing("its clock");
	}
	issuer.applied.time = NOW + 3;
	expect(REPORT_WARNING, "issuer hub: signed 3 s from now", NTP);
	/* What the engine has is newer. */
	issuer.has_there = true;
	issuer.there.time = NOW;
	expect_nothing("what is applied");
	issuer.applied.time = NOW;
	issuer.there.time = NOW + 4;
	expect(REPORT_WARNING, "issuer hub: signed 4 s from now", NTP);
	issuer.has_applied = false;
	expect(REPORT_WARNING, "issuer hub: signed 4 s from now", NTP);
	issuer.has_there = false;
	issuer.applied.time = NOW + 4;
	expect_nothing("no head");
}

static void
test_member_clock(void **state)
{
	static const char *const FINE[] = {
	    "0", "1000", "-1000", "2000", "-2000"};
	static const struct {
		const char *skew, *says;
	} WRONG[] = {
	    {"2001", MEMBER ": its clock is 2 s before ours"},
	    {"-2001", MEMBER ": its clock is 2 s behind ours"},
	    {"4000", MEMBER ": its clock is 4 s before ours"},
	    {"-4000", MEMBER ": its clock is 4 s behind ours"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(FINE); i++) {
		member_says("3.6.1", "skew", FINE[i]);
		expect_nothing(FINE[i]);
	}
	for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
		member_says("3.6.1", "skew", WRONG[i].skew);
		expect(REPORT_WARNING, WRONG[i].says, NTP);
	}
}

static void
test_versions(void **state)
{
	static const char *const OLD[] = {
	    "3.4.23", "3.5.9", "3.5.16", "3.5.17", "2.9.99", "3.5.17-rc.1"};
	static const char *const GOOD[] = {"3.5.18", "3.5.19", "3.5.32",
	    "3.5.33", "3.5.100", "3.6.0", "3.10.1", "4.0.0"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(OLD); i++) {
		member_says(OLD[i], NULL, NULL);
		expect(REPORT_WARNING, "loses events and has holes", "");
		assert_non_null(
		    strstr(only_finding()->text.text, "mended in 3.5.18"));
	}
	for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
		member_says(GOOD[i], NULL, NULL);
		expect_nothing(GOOD[i]);
		assert_int_equal(doctor->report.count, 2);
	}
}

/* A cluster that is shared with others. */
static void
test_shared(void **state)
{
	static const char *const OLD[] = {"3.5.18", "3.5.32"};
	static const char *const GOOD[] = {"3.5.33", "3.6.0"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(OLD); i++) {
		member_says(OLD[i], "others", "/x");
		expect(REPORT_WARNING,
		    "not the fleet's (/x): before etcd 3.5.33, who may read "
		    "one key can watch all",
		    "");
	}
	for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
		member_says(GOOD[i], "others", "/x");
		expect(REPORT_NOTE,
		    "not the fleet's (/x): a cluster of its own is better", "");
	}
	/* Both are said of one that is older still. */
	member_says("3.5.17", "others", "/x");
	run();
	assert_int_equal(report_count(&doctor->report, REPORT_WARNING), 2);
}

/* The version is that of the member that has them. */
static void
test_shared_second(void **state)
{
	static const struct fact SECOND[] = {{"endpoint", MEMBER},
	    {"version", "3.5.18"}, {"endpoint", "https://10.0.0.2:2379"},
	    {"others", "/x"}};

	(void)state;
	facts = SECOND;
	fact_count = COUNT_OF(SECOND);
	expect(REPORT_NOTE, "https://10.0.0.2:2379 has keys that are not", "");
}

static void
test_members(void **state)
{
	(void)state;
	member_says("3.6.1", "open", "yes");
	expect(
	    REPORT_WRONG, MEMBER " answers who has no client certificate", "");
	member_says("3.6.1", "without-log-in", "yes");
	expect(REPORT_WRONG, MEMBER " answers who has not logged in",
	    "etcdctl auth enable");
	member_says("3.6.1", "trouble", "no leader");
	expect(REPORT_WRONG, MEMBER " says: no leader", "");
	member_says("3.6.1", "error", MEMBER ": refused");
	expect(REPORT_WARNING, MEMBER ": refused", "");
	member_says("3.6.1", "something-new", "yes");
	expect_nothing("a fact that is not known");
}

static void
certificate_ends(int64_t when)
{
	static struct fact fact;
	static char text[32];

	(void)snprintf(text, sizeof(text), "%lld", (long long)when);
	fact = (struct fact){"certificate-ends", text};
	facts = &fact;
	fact_count = 1;
}

static void
test_certificate(void **state)
{
	static const struct fact NAME = {"certificate-name", "web1"};

	(void)state;
	certificate_ends(NOW - 1);
	expect(REPORT_WRONG, "/etc/own.pem expired at ", "");
	certificate_ends(NOW + DAY);
	expect(REPORT_WARNING, "/etc/own.pem expires within 1 day, at", "");
	certificate_ends(NOW + 7 * DAY - 1);
	expect(REPORT_WARNING, "/etc/own.pem expires within 7 days, at", "");
	certificate_ends(NOW + 7 * DAY);
	expect_nothing("a week");
	facts = &NAME;
	expect(REPORT_WRONG, "/etc/own.pem has a CN (web1)", "");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(test_well),
	    CASE(test_own),
	    CASE(test_nobody),
	    CASE(test_issuer),
	    CASE(test_issuer_clock),
	    CASE(test_member_clock),
	    CASE(test_versions),
	    CASE(test_shared),
	    CASE(test_shared_second),
	    CASE(test_members),
	    CASE(test_certificate),
	};

	return unit_run(tests);
}
