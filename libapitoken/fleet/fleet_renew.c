#include "fleet/fleet_renew.h"

#include <string.h>

#include "base/hex.h"
#include "fleet/fleet_store.h"
#include "fleet/fleet_verify.h"

enum err
fleet_applied_head(struct fleet_head *applied, const struct config *config,
    const char *issuer, int64_t deadline, struct error *why)
{
	struct fleet_store *store = NULL;
	enum err rc = fleet_store_open(
	    &store, config, STORE_READ, deadline, why);

	*applied = (struct fleet_head){0};
	if (rc == ERR_OK)
		rc = fleet_store_get_head(store, issuer, applied, why);
	fleet_store_close(store);
	return rc == ERR_MISSING ? ERR_NOT_FOUND : rc;
}

static bool
has_same_records(
    const struct fleet_head *head, const struct fleet_head *applied)
{
	return head->count == applied->count &&
	    crypto_equal(head->set, applied->set) &&
	    memcmp(head->key, applied->key, sizeof(head->key)) == 0;
}

/* Judges it; *is_newer: it says more of itself than the applied one. */
static enum err
judge(const struct fleet_head *head, const struct fleet_head *applied,
    const struct config *config, const struct fleet_trust *trust, int64_t now,
    bool *is_newer, struct error *why)
{
	struct fleet_expected expected = {
	    .trust = trust, .applied = applied, .now = now};

	*is_newer = fleet_head_compare(head, applied) > 0 ||
	    head->time > applied->time;
	return hex_get(expected.fleet, FLEET_ID_LEN, config->fleet.id)
	    ? fleet_verify_head(head, &expected, why)
	    : error_plain(why, ERR_CONFIG);
}

/* Keeps it, unless somebody has applied others meanwhile. */
static enum err
keep(const struct fleet_head *head, struct fleet_store *store, bool *is_done,
    struct error *why)
{
	struct fleet_head applied;
	enum err rc = fleet_store_get_head(store, head->issuer, &applied, why);

	if (rc == ERR_NOT_FOUND ||
	    (rc == ERR_OK &&
		(!has_same_records(head, &applied) ||
		    fleet_head_compare(head, &applied) < 0)))
		return ERR_OK;
	if (rc == ERR_OK)
		rc = fleet_store_put_head(store, head, why);
	if (rc == ERR_OK)
		rc = fleet_store_commit(store, why);
	*is_done = rc == ERR_OK;
	return rc;
}

enum err
fleet_renew(const struct fleet_head *head, bool *is_done,
    const struct config *config, const struct fleet_trust *trust, int64_t now,
    int64_t deadline, struct error *why)
{
	struct fleet_store *store = NULL;
	struct fleet_head applied;
	bool is_newer;
	enum err rc = fleet_applied_head(
	    &applied, config, trust->issuer, deadline, why);

	*is_done = false;
	if (rc == ERR_NOT_FOUND ||
	    (rc == ERR_OK && !has_same_records(head, &applied)))
		return ERR_OK;
	if (rc == ERR_OK)
		rc = judge(head, &applied, config, trust, now, &is_newer, why);
	if (rc != ERR_OK)
		return rc;
	if (!is_newer) {
		*is_done = true;
		return ERR_OK;
	}
	rc = fleet_store_open(&store, config, STORE_WRITE, deadline, why);
	if (rc == ERR_OK)
		rc = keep(head, store, is_done, why);
	fleet_store_close(store);
	return rc;
}
