#include "sessions/fleet_sessions.h"

#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_store.h"
#include "sessions/live_tokens.h"
#include "sessions/terminate.h"

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
	enum err rc = live_tokens_read(&tokens, &context->error);

	if (rc == ERR_OK && tokens.count > 0)
		rc = keep_ended(&context->config, &tokens, &context->error);
	if (rc == ERR_OK)
		rc = live_tokens_drop_local(context, &tokens, NULL, NULL);
	if (rc == ERR_OK && tokens.count > 0) {
		live_tokens_bind(context, &tokens);
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
