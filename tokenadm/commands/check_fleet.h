/* check: what this machine has of a fleet, beside its own tokens. */
#ifndef TOKENADM_CHECK_FLEET_H
#define TOKENADM_CHECK_FLEET_H

#include "check/check.h"
#include "cli/command.h"

/*
 * Adds what is wrong with what other machines have issued, if it is to be used.
 * Errors as fleet_store_check, but for those that are findings.
 */
enum err check_fleet_store(struct context *context, struct findings *findings);

/* What this machine issues to its fleet. */
struct issued_report {
	bool is_there; /* it does */
	struct config config;
	struct check_report report;
};

/* Whether it issues: it has the key for that. Sets the config of that store. */
bool check_has_issued(const struct context *context, struct config *issued);

/*
 * Checks it as check_store does the local tokens, and then against each other.
 * A store that is lost is a finding. Free the report, even after an error.
 */
enum err check_issued(struct issued_report *issued, struct context *context);

#endif
