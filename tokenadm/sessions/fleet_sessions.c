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

/*
 * Whether who revoked it wants its sessions ended: by a revocation, or its own
 * issuer. Anybody who issues can copy an id into a token of his own and revoke
 * that: it is not the user's, or not the only one of the id.
 */
static bool
entry_ends(const struct fleet_entry *entry, const char *user,
    struct fleet_record *record)
{
	bool by_issuer = false, is_alive = false;

	for (size_t i = 0; i < entry->count; i++) {
		const struct fleet_part *part = &entry->parts[i];

		if (part->len == 0 ||
		    fleet_record_decode(record, part->bytes, part->len) !=
			ERR_OK)
			continue;
		if (record->kind == FLEET_REVOKE && record->ends_sessions)
			return true;
		/* Of a session whose file is damaged no user is known. */
		if (record->kind != FLEET_TOKEN ||
		    (user[0] != '\0' && strcmp(record->token.user, user) != 0))
			continue;
		if (record->token.state != RECORD_REVOKED)
			is_alive = true;
		else if (record->ends_sessions)
			by_issuer = true;
	}
	return by_issuer && !is_alive;
}

static enum err
is_ended(struct fleet_store *store, const struct record *token,
    struct fleet_record *record, bool *ends, struct error *why)
{
	struct fleet_entry entry;
	enum err rc = fleet_store_get(store, token->id, &entry, why);

	*ends = rc == ERR_OK && entry_ends(&entry, token->user, record);
	fleet_entry_free(&entry);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* An id that a local token has is that token's, whatever a fleet says. */
static enum err
drop_local(
    const struct config *config, struct selection *tokens, struct error *why)
{
	struct store *store = NULL;
	struct record record;
	size_t kept = 0;
	enum err rc;

	if (tokens->count == 0)
		return ERR_OK;
	rc = store_open(
	    &store, config, STORE_READ, store_deadline(config), why);
	for (size_t i = 0; rc == ERR_OK && i < tokens->count; i++) {
		enum err found = store_get(
		    store, tokens->records[i].id, &record, why);

		if (found == ERR_NOT_FOUND)
			tokens->records[kept++] = tokens->records[i];
		else if (found != ERR_OK)
			rc = found;
	}
	tokens->count = kept;
	store_close(store);
	return rc;
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

		rc = is_ended(store, &tokens->records[i], record, &ends, why);
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
	if (rc == ERR_OK)
		rc = drop_local(&context->config, &tokens, &context->error);
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
