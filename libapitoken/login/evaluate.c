#include "login/evaluate.h"

#include "lifecycle/single_use.h"
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
	if (rc != ERR_OK)
		return rc;
	if (failed != LOGIN_TEST_OWNER) {
		verdict_fail(verdict, failed);
		return ERR_OK;
	}
	rc = look_up(&account, &rule, config, attempt, why);
	if (rc == ERR_OK)
		verdict_make(
		    verdict, record, attempt, config->groups, &account, &rule);
	else
		*record = (struct record){0};
	return rc;
}
