#include "login/evaluate.h"

#include "fleet/fleet_lookup.h"
#include "lifecycle/single_use.h"
#include "session/rundir.h"
#include "store/store.h"

/*
 * Reads the record from the store. *failed is the test that failed there, or
 * LOGIN_TEST_OWNER, the first one made elsewhere.
 */
static enum err
read_record(struct record *record, enum login_test *failed,
    const struct config *config, const struct attempt *attempt,
    struct error *why)
{
	struct store *store = NULL;
	enum err rc;

	*failed = LOGIN_TEST_KNOWN;
	rc = store_open(&store, config, STORE_READ, attempt->deadline, why);
	if (rc != ERR_OK)
		return rc;
	rc = store_get(store, attempt->id, record, why);
	if (rc == ERR_OK)
		*failed = attempt->text == NULL ||
			store_matches(store, attempt->text, record)
		    ? LOGIN_TEST_OWNER
		    : LOGIN_TEST_DIGEST;
	store_close(store);
	/* To the login that used it up, it is still active. */
	if (rc == ERR_OK && single_use_has_ticket(record, attempt->ticket))
		record->state = RECORD_ACTIVE;
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/*
 * The same of a token that is not in the store, if this machine is in a fleet:
 * a local token's id is never asked for there.
 */
static enum err
read_fleet(struct record *record, struct fleet_lookup *fleet,
    enum login_test *failed, const struct config *config,
    const struct attempt *attempt, struct error *why)
{
	struct fleet_query query = {
	    .id = attempt->id,
	    .text = attempt->text,
	    .user = attempt->user,
	    .service = attempt->service,
	    .run = RUNDIR,
	    .deadline = attempt->deadline,
	    .now = attempt->now,
	};
	enum err rc;

	if (config->fleet_error.text[0] != '\0')
		return error_set(
		    why, ERR_CONFIG, "%s", config->fleet_error.text);
	rc = fleet_lookup_run(fleet, record, config, &query, why);
	if (rc != ERR_OK || fleet->answer == FLEET_UNKNOWN ||
	    fleet->answer == FLEET_UNKNOWN_YET)
		return rc;
	*failed = fleet->answer == FLEET_WRONG_SECRET ? LOGIN_TEST_DIGEST
						      : LOGIN_TEST_OWNER;
	return rc;
}

/* Whether the text, if there is one, is the token with this id. */
static bool
is_well_formed(const struct attempt *attempt)
{
	char id[TOKEN_ID_LEN + 1];

	return attempt->text == NULL || token_parse(attempt->text, id);
}

/* With the store closed: the name services may be slow. */
static enum err
look_up(struct account *account, struct group_rule *rule,
    const struct config *config, const struct attempt *attempt,
    struct error *why)
{
	*rule = (struct group_rule){.membership = MEMBERSHIP_NOT_ASKED};
	account_lookup(account, attempt->user, &config->account, attempt->now);
	return account->state == ACCOUNT_ENABLED
	    ? group_rule_ask(rule, config, account->name, why)
	    : ERR_OK;
}

enum err
evaluate_attempt(struct verdict *verdict, struct record *record,
    const struct config *config, const struct attempt *attempt,
    struct error *why)
{
	enum login_test failed = LOGIN_TEST_FORM;
	struct fleet_lookup fleet = {0};
	struct account account;
	struct group_rule rule;
	enum err rc = ERR_OK;

	verdict_fail(verdict, LOGIN_TEST_FORM);
	*record = (struct record){0};
	if (attempt->user == NULL || attempt->service == NULL)
		return error_set(
		    why, ERR_INTERNAL, "the host names no user or no service");
	if (is_well_formed(attempt))
		rc = read_record(record, &failed, config, attempt, why);
	if (rc == ERR_OK && failed == LOGIN_TEST_KNOWN &&
	    (config->fleet.id[0] != '\0' ||
		config->fleet_error.text[0] != '\0'))
		rc = read_fleet(record, &fleet, &failed, config, attempt, why);
	if (rc != ERR_OK)
		return rc;
	if (failed != LOGIN_TEST_OWNER) {
		verdict_fail(verdict, failed);
		verdict_fleet(verdict, &fleet);
		return ERR_OK;
	}
	rc = look_up(&account, &rule, config, attempt, why);
	if (rc != ERR_OK) {
		*record = (struct record){0};
		return rc;
	}
	if (account.found)
		fleet_lookup_account(&fleet, record, account.uid);
	verdict_make(verdict, record, attempt, config->groups, &account, &rule);
	verdict_fleet(verdict, &fleet);
	return ERR_OK;
}
