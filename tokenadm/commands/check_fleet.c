#include "commands/check_fleet.h"

#include "base/safe_file.h"
#include "fleet/fleet_issued_check.h"
#include "fleet/fleet_store.h"

enum err
check_fleet_store(struct context *context, struct findings *findings)
{
	const struct config *config = &context->config;
	enum err rc = ERR_OK;

	if (config->fleet.id[0] != '\0')
		rc = fleet_store_check(
		    config, store_deadline(config), &context->error);
	if (rc != ERR_DAMAGED && rc != ERR_KEY && rc != ERR_UNSAFE &&
	    rc != ERR_NEWER)
		return rc;
	findings_add(findings, "%s", context->error.text);
	(void)error_shown(&context->error);
	return ERR_OK;
}

bool
check_has_issued(const struct context *context, struct config *issued)
{
	fleet_issued_config(issued, &context->config);
	return !safe_is_absent(issued->fleet.key) ||
	    !safe_is_absent(issued->directory);
}

/* Each part of it is sound: whether they fit together. */
static enum err
check_together(struct issued_report *issued, struct error *why)
{
	struct store *store = NULL;
	enum err rc = store_open(&store, &issued->config, STORE_SCAN,
	    store_deadline(&issued->config), why);

	if (rc == ERR_OK)
		rc = fleet_issued_check(store, why);
	store_close(store);
	if (rc != ERR_DAMAGED)
		return rc;
	findings_add(&issued->report.findings, "%s", why->text);
	(void)error_shown(why);
	return ERR_OK;
}

enum err
check_issued(struct issued_report *issued, struct context *context)
{
	struct error *why = &context->error;
	enum err rc;

	issued->is_there = check_has_issued(context, &issued->config);
	if (!issued->is_there)
		return ERR_OK;
	rc = check_store(&issued->report, &issued->config,
	    store_deadline(&issued->config), why);
	if (rc == ERR_MISSING) {
		findings_add(&issued->report.findings,
		    "%s: lost, with what this machine issues to its fleet; "
		    "the engine has what was acknowledged: tokenadm fleet "
		    "adopt",
		    issued->config.directory);
		(void)error_shown(why);
		return ERR_OK;
	}
	return rc == ERR_OK && issued->report.findings.count == 0
	    ? check_together(issued, why)
	    : rc;
}
