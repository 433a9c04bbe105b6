#include "sessions/fleet_sessions.h"

#include <stdlib.h>
#include <string.h>

#include "account/account.h"
#include "fleet/fleet_store.h"
#include "session/rundir.h"
#include "session/session_list.h"
#include "sessions/terminate.h"

void
fleet_bind_uids(struct context *context, struct selection *tokens)
{
	for (size_t i = 0; i < tokens->count; i++) {
		struct record *token = &tokens->records[i];
		struct account account;

		if (token->uid != (uid_t)-1)
			continue;
		account_lookup(&account, token->user, &context->config.account,
		    context->now);
		if (account.found)
			token->uid = account.uid;
	}
}

static enum err
add_session(const struct session *session, void *arg)
{
	struct record token = {.uid = (uid_t)-1};

	strcpy(token.id, session->id);
	strcpy(token.user, session->user);
	return session_is_over(session) ? ERR_OK : select_add(arg, &token);
}

/* Whether anybody who may has revoked it so. */
static enum err
is_ended(struct fleet_store *store, const char *id, struct fleet_record *record,
    bool *ends, struct error *why)
{
	struct fleet_entry entry;
	enum err rc = fleet_store_get(store, id, &entry, why);

	*ends = false;
	for (size_t i = 0; rc == ERR_OK && i < entry.count; i++) {
		const struct fleet_part *part = &entry.parts[i];

		if (part->len > 0 &&
		    fleet_record_decode(record, part->bytes, part->len) ==
			ERR_OK)
			*ends = *ends || record->ends_sessions;
	}
	fleet_entry_free(&entry);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* Keeps the tokens whose sessions are to end. */
static enum err
keep_ended(
    const struct config *config, struct selection *tokens, struct error *why)
{
	struct fleet_record *record = calloc(1, sizeof(*record));
	struct fleet_store *store = NULL;
	size_t kept = 0;
	enum err rc;

	if (record == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = fleet_store_open(
	    &store, config, STORE_READ, store_deadline(config), why);
	for (size_t i = 0; rc == ERR_OK && i < tokens->count; i++) {
		bool ends;

		rc = is_ended(store, tokens->records[i].id, record, &ends, why);
		if (rc == ERR_OK && ends)
			tokens->records[kept++] = tokens->records[i];
	}
	tokens->count = kept;
	fleet_store_close(store);
	free(record);
	return rc == ERR_MISSING ? ERR_OK : rc;
}

enum err
fleet_sessions_end(struct context *context)
{
	struct selection tokens = {0};
	struct termination done;
	enum err rc = session_each(
	    RUNDIR, NULL, add_session, &tokens, &context->error);

	if (rc == ERR_NOMEM)
		(void)error_plain(&context->error, rc);
	if (rc == ERR_OK && tokens.count > 0)
		rc = keep_ended(&context->config, &tokens, &context->error);
	if (rc == ERR_OK && tokens.count > 0) {
		fleet_bind_uids(context, &tokens);
		rc = terminate_sessions(context, &tokens, &done);
		if (done.ended > 0)
			fprintf(stderr,
			    "tokenadm: fleet: sessions of revoked tokens "
			    "ended: %zu\n",
			    done.ended);
		terminate_free(&done);
	}
	select_free(&tokens);
	return rc;
}
