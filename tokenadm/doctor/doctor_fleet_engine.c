/* doctor: where the machines of the fleet meet. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/deadline.h"
#include "base/parse.h"
#include "doctor/doctor.h"
#include "outbox/engine.h"

#define PATIENCE 15000 /* milliseconds; a member has 1.5 s for an answer */
#define SKEW_MOST 2000 /* milliseconds */
#define DAY INT64_C(86400)
#define SOON (7 * DAY)
#define URL_SIZE 300

/* Loses events, a deletion among them, and has holes in its rights. */
#define VERSION_GOOD "3.5.18"
/* Before, who may read one key could watch all later ones. */
#define VERSION_SHARED "3.5.33"

struct survey {
	struct doctor *doctor;
	char endpoint[URL_SIZE];
	char version[32]; /* of the endpoint; "": not known yet */
};

/* Three numbers, whatever follows. */
static bool
read_version(const char *text, unsigned long numbers[3])
{
	for (int i = 0; i < 3; i++) {
		char *end;

		numbers[i] = strtoul(text, &end, 10);
		if (end == text)
			return false;
		text = end + (*end == '.');
	}
	return true;
}

static bool
is_before(const char *version, const char *than)
{
	unsigned long a[3], b[3];

	if (!read_version(version, a) || !read_version(than, b))
		return false;
	for (int i = 0; i < 3; i++) {
		if (a[i] != b[i])
			return a[i] < b[i];
	}
	return false;
}

static void
report_certificate(struct survey *survey, const char *text)
{
	struct doctor *doctor = survey->doctor;
	const char *path = doctor->context->config.etcd.certificate;
	char when[PARSE_TIME_LEN + 1];
	int64_t ends = strtoll(text, NULL, 10);
	int64_t left = ends - doctor->context->now;
	int days = (int)((left + DAY - 1) / DAY);

	parse_format_time(ends, when);
	if (left < 0)
		report_add(&doctor->report, REPORT_WRONG, "%s expired at %s",
		    path, when);
	else if (left < SOON)
		report_add(&doctor->report, REPORT_WARNING,
		    "%s expires within %d day%s, at %s", path, days,
		    days == 1 ? "" : "s", when);
}

static void
report_name(struct survey *survey, const char *text)
{
	report_add(&survey->doctor->report, REPORT_WRONG,
	    "%s has a CN (%s): etcd's gateway answers nobody who has one; its "
	    "subject is to have none, see fleet(7)",
	    survey->doctor->context->config.etcd.certificate, text);
}

static void
begin_endpoint(struct survey *survey, const char *text)
{
	(void)snprintf(survey->endpoint, sizeof(survey->endpoint), "%s", text);
	survey->version[0] = '\0';
}

static void
report_no_answer(struct survey *survey, const char *text)
{
	report_add(&survey->doctor->report, REPORT_WARNING, "%s", text);
}

static void
report_version(struct survey *survey, const char *text)
{
	(void)snprintf(survey->version, sizeof(survey->version), "%s", text);
	if (is_before(text, VERSION_GOOD))
		report_add(&survey->doctor->report, REPORT_WARNING,
		    "%s: etcd %s loses events and has holes in its rights that "
		    "are mended in " VERSION_GOOD ": upgrade it, or let nobody "
		    "but the fleet reach it",
		    survey->endpoint, text);
	else
		report_add(&survey->doctor->report, REPORT_OK, "%s: etcd %s",
		    survey->endpoint, text);
}

static void
report_skew(struct survey *survey, const char *text)
{
	int64_t skew = strtoll(text, NULL, 10);

	if (skew <= SKEW_MOST && skew >= -SKEW_MOST)
		return;
	report_add(&survey->doctor->report, REPORT_WARNING,
	    "%s: its clock is %" PRId64 " s %s ours: starts and ends of tokens "
	    "are judged by each machine's own",
	    survey->endpoint, (skew < 0 ? -skew : skew) / 1000,
	    skew < 0 ? "behind" : "before");
	report_fix(&survey->doctor->report, "timedatectl set-ntp true");
}

static void
report_trouble(struct survey *survey, const char *text)
{
	report_add(&survey->doctor->report, REPORT_WRONG, "%s says: %s",
	    survey->endpoint, text);
}

static void
report_open(struct survey *survey, const char *text)
{
	(void)text;
	report_add(&survey->doctor->report, REPORT_WRONG,
	    "%s answers who has no client certificate: anybody who reaches it "
	    "can stop all revocation; set client-cert-auth, see fleet(7)",
	    survey->endpoint);
}

static void
report_without_log_in(struct survey *survey, const char *text)
{
	(void)text;
	report_add(&survey->doctor->report, REPORT_WRONG,
	    "%s answers who has not logged in: who has a certificate can write "
	    "what he likes",
	    survey->endpoint);
	report_fix(&survey->doctor->report, "etcdctl auth enable");
}

static void
report_others(struct survey *survey, const char *text)
{
	if (is_before(survey->version, VERSION_SHARED))
		report_add(&survey->doctor->report, REPORT_WARNING,
		    "%s has keys that are not the fleet's (%s): before "
		    "etcd " VERSION_SHARED ", who may read one key can watch "
		    "all; give the fleet a cluster of its own",
		    survey->endpoint, text);
	else
		report_add(&survey->doctor->report, REPORT_NOTE,
		    "%s has keys that are not the fleet's (%s): a cluster of "
		    "its own is better",
		    survey->endpoint, text);
}

static enum err
take_fact(void *arg, const char *name, const char *text)
{
	static const struct {
		const char *name;
		void (*report)(struct survey *survey, const char *text);
	} FACTS[] = {
	    {"certificate-ends", report_certificate},
	    {"certificate-name", report_name},
	    {"endpoint", begin_endpoint},
	    {"error", report_no_answer},
	    {"version", report_version},
	    {"skew", report_skew},
	    {"trouble", report_trouble},
	    {"open", report_open},
	    {"without-log-in", report_without_log_in},
	    {"others", report_others},
	};

	for (size_t i = 0; i < sizeof(FACTS) / sizeof(FACTS[0]); i++) {
		if (strcmp(name, FACTS[i].name) == 0)
			FACTS[i].report(arg, text);
	}
	return ERR_OK;
}

void
doctor_fleet_engine(struct doctor *doctor)
{
	int64_t deadline = deadline_in(PATIENCE);
	struct survey survey = {.doctor = doctor};
	struct engine engine;
	struct error why;
	enum err rc = engine_open(
	    &engine, &doctor->context->config, deadline, &why);

	/* What keeps it from being asked, the heads were not read for, too. */
	if (rc == ERR_OK && engine.calls->survey != NULL)
		(void)engine.calls->survey(
		    engine.state, take_fact, &survey, deadline, &why);
	engine_close(&engine);
}
