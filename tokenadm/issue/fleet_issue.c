#include "issue/fleet_issue.h"

#include <string.h>

#include "lifecycle/rotation.h"
#include "outbox/fleet_others.h"
#include "outbox/fleet_side.h"
#include "tokens/audit.h"

enum err
fleet_issue_check(struct context *context, const struct args *args)
{
	static const struct {
		const char *option, *reason;
	} REFUSED[] = {
	    {"once",
		"machines cannot agree within a login that it is the first"},
	    {"until-logout",
		"no machine knows when the last session on all of them ends"},
	    {"short",
		"80 bits could be searched for, since every machine of the "
		"fleet has their hash"},
	    {"max-sessions", "no machine counts the sessions on all of them"},
	    {"logo",
		"it would have to go to all machines, which do not show it"},
	    {"batch", "issue them one by one"},
	    {"output", "issue them one by one"},
	};

	if (context->fleet == NULL)
		return args_has(args, "hosts")
		    ? error_about(&context->error, "hosts", NULL,
			  error_set(&context->error, ERR_USAGE,
			      "--hosts: only with --fleet: any other token is "
			      "for this machine"))
		    : ERR_OK;
	for (size_t i = 0; i < sizeof(REFUSED) / sizeof(REFUSED[0]); i++) {
		if (args_look(args, REFUSED[i].option) != NULL)
			return error_about(&context->error, REFUSED[i].option,
			    NULL,
			    error_set(&context->error, ERR_USAGE,
				"--%s: not with --fleet: %s", REFUSED[i].option,
				REFUSED[i].reason));
	}
	return fleet_side_check(context);
}

enum err
fleet_issue_owner(
    struct context *context, const char *user, struct record *record)
{
	if (!parse_is_printable(user, RECORD_USER_MAX) ||
	    strpbrk(user, " /:") != NULL)
		return error_about(&context->error, "user", NULL,
		    error_set(&context->error, ERR_INVALID,
			"user `%s`: not the name of an account", user));
	strcpy(record->user, user);
	/* Each machine binds it to the uid that it sees first. */
	record->uid = (uid_t)-1;
	return ERR_OK;
}

enum err
fleet_issue_room(
    struct context *context, const struct record *record, struct policy *policy)
{
	const struct fleet_side *side = context->fleet;
	struct fleet_others others;
	enum err rc = fleet_others_read(&others, &side->local, side->key.issuer,
	    record->user, context->now, &context->error);

	for (size_t i = 0; rc == ERR_OK && i < others.count; i++) {
		const struct fleet_other *other = &others.each[i];

		if (!record_is_usable(&other->token, context->now))
			continue;
		policy->elsewhere++;
		if (strcmp(other->token.name, record->name) == 0)
			rc = error_about(&context->error, "name", NULL,
			    error_set(&context->error, ERR_EXISTS,
				"%s has a usable token named `%s` already, "
				"issued "
				"by %s: %s",
				record->user, record->name, other->issuer,
				other->token.id));
	}
	fleet_others_free(&others);
	return rc;
}

/* Whether the token has been replaced, and the other one of both counts. */
static enum err
check_successor(
    struct context *context, struct store *store, const struct record *record)
{
	struct record other;
	enum err rc;

	if (record->successor[0] == '\0')
		return ERR_OK;
	rc = store_get(store, record->successor, &other, &context->error);
	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	if (rc == ERR_OK && record_is_usable(&other, context->now))
		rc = error_about(&context->error, "token", NULL,
		    error_set(&context->error, ERR_POLICY,
			"%s: was rotated already; its successor is %s",
			record->id, other.id));
	return rc;
}

enum err
fleet_issue_settle(struct context *context, struct store *store,
    const char id[TOKEN_ID_LEN + 1])
{
	struct error *why = &context->error;
	char until[PARSE_TIME_LEN + 1];
	struct record record, old;
	enum err rc = store_get(store, id, &record, why);

	if (rc == ERR_OK)
		rc = check_successor(context, store, &record);
	if (rc != ERR_OK || record.predecessor[0] == '\0')
		return rc;
	rc = store_get(store, record.predecessor, &old, why);
	if (rc == ERR_OK && record_is_usable(&old, context->now)) {
		parse_format_time(old.expires, until);
		return error_about(why, "token", NULL,
		    error_set(why, ERR_POLICY,
			"%s: its last rotation goes on until %s; wait, or "
			"revoke "
			"%s first",
			record.id, until, old.id));
	}
	if (rc == ERR_OK)
		rc = rotation_forget(store, &record, why);
	if (rc != ERR_OK && rc != ERR_NOT_FOUND)
		return rc;
	record.predecessor[0] = '\0';
	return store_put(store, &record, why);
}

enum err
fleet_issue_unconfirmed(struct context *context, const struct record *record,
    const struct fleet_unconfirmed *reason, enum err rc)
{
	bool is_withdrawn = rc == ERR_OK || rc == ERR_UNCONFIRMED;

	audit(is_withdrawn ? "withdrawn" : "not-withdrawn", record,
	    record->created.by, is_withdrawn ? "" : error_name(rc));
	if (!is_withdrawn)
		return error_set(&context->error, ERR_UNCONFIRMED,
		    "the token was not confirmed, and not withdrawn; revoke "
		    "it: tokenadm revoke --fleet %s",
		    record->id);
	return error_set(&context->error, ERR_UNCONFIRMED,
	    "nothing was issued: %s: %s",
	    reason->is_sent ? "on this machine it would not hold"
			    : "the fleet's engine did not confirm it",
	    reason->cause.text);
}
