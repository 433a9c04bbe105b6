/* doctor: the fleet that this machine is in, if it is in one. */
#include <inttypes.h>

#include "doctor/doctor.h"
#include "fleet/fleet_look.h"

#define SKEW_MOST 2 /* seconds */
#define AGENT "systemctl enable --now apitoken-fleet.service"

static void
report_own(struct doctor *doctor, const struct fleet_look *look)
{
	if (look->issuer_error.text[0] != '\0')
		report_error(
		    &doctor->report, REPORT_WRONG, &look->issuer_error);
	if (look->engine_error.text[0] != '\0')
		report_error(
		    &doctor->report, REPORT_WARNING, &look->engine_error);
	if (look->outbox == 0)
		return;
	report_add(&doctor->report, REPORT_WARNING,
	    "%" PRIu64 " step%s of what is issued here %s not acknowledged by "
	    "the engine",
	    look->outbox, look->outbox == 1 ? "" : "s",
	    look->outbox == 1 ? "is" : "are");
	report_fix(&doctor->report, AGENT);
}

/* A head that was signed later than it is here. */
static void
report_clock(struct doctor *doctor, const struct fleet_look_issuer *issuer)
{
	const struct fleet_head *head = issuer->has_there ? &issuer->there
							  : &issuer->applied;
	int64_t before = head->time - doctor->context->now;

	if ((!issuer->has_there && !issuer->has_applied) || before <= SKEW_MOST)
		return;
	report_add(&doctor->report, REPORT_WARNING,
	    "issuer %s: signed %" PRId64 " s from now: its clock or ours is "
	    "wrong",
	    issuer->trust.issuer, before);
	report_fix(&doctor->report, "timedatectl set-ntp true");
}

static void
report_issuer(struct doctor *doctor, const struct fleet_look_issuer *issuer)
{
	const char *name = issuer->trust.issuer;

	if (!issuer->is_trusted) {
		report_add(&doctor->report, REPORT_NOTE,
		    "issuer %s: not trusted any more: not_after is over", name);
	} else if (issuer->freshness == FLEET_BEHIND) {
		report_add(&doctor->report, REPORT_WRONG,
		    "issuer %s: fleet.tdb is older than what was applied: its "
		    "tokens are refused until the agent has brought all again",
		    name);
		report_fix(&doctor->report, AGENT);
	} else if (issuer->freshness == FLEET_STALE) {
		report_add(&doctor->report, REPORT_WARNING,
		    "issuer %s: what is known of it is not fresh%s", name,
		    issuer->there_error.text[0] != '\0' ? ": see below" : "");
		report_fix(&doctor->report, AGENT);
	} else {
		report_add(&doctor->report, REPORT_OK,
		    "issuer %s: fresh, %" PRIu64 " records", name,
		    issuer->applied.count);
	}
	if (issuer->there_error.text[0] != '\0')
		report_error(
		    &doctor->report, REPORT_WARNING, &issuer->there_error);
	report_clock(doctor, issuer);
}

void
doctor_fleet(struct doctor *doctor)
{
	const struct config *config = &doctor->context->config;
	struct fleet_look look;
	struct error why;
	enum err rc;

	if (config->fleet.id[0] == '\0')
		return;
	report_set_area(&doctor->report, "fleet");
	rc = fleet_look_take(&look, config, true, doctor->context->now, &why);
	if (rc != ERR_OK) {
		report_error(&doctor->report, REPORT_WRONG, &why);
	} else {
		report_own(doctor, &look);
		if (look.count == 0)
			report_add(&doctor->report, REPORT_WARNING,
			    "this machine believes nobody: no NAME.pub in %s",
			    config->fleet.issuers);
		for (size_t i = 0; i < look.count; i++)
			report_issuer(doctor, &look.issuers[i]);
		doctor_fleet_engine(doctor);
	}
	fleet_look_free(&look);
}
