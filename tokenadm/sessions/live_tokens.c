#include "sessions/live_tokens.h"

#include <string.h>

#include "account/account.h"
#include "session/rundir.h"
#include "session/session_list.h"
#include "tokens/transaction.h"

static enum err
add_session(const struct session *session, void *arg)
{
	struct record token = {.uid = (uid_t)-1};

	strcpy(token.id, session->id);
	strcpy(token.user, session->user);
	return session_is_over(session) ? ERR_OK : select_add(arg, &token);
}

enum err
live_tokens_read(struct selection *tokens, struct error *why)
{
	enum err rc;

	*tokens = (struct selection){.count = 0};
	rc = session_each(RUNDIR, NULL, add_session, tokens, why);
	return rc == ERR_NOMEM ? error_plain(why, rc) : rc;
}

enum err
live_tokens_drop_local(struct context *context, struct selection *tokens,
    live_tokens_local *local, void *arg)
{
	struct store *store = NULL;
	struct record record;
	size_t kept = 0;
	enum err rc;

	if (tokens->count == 0)
		return ERR_OK;
	rc = transaction_read_any(&store, context);
	if (rc != ERR_OK || store == NULL)
		return rc;
	for (size_t i = 0; rc == ERR_OK && i < tokens->count; i++) {
		rc = store_get(
		    store, tokens->records[i].id, &record, &context->error);
		if (rc == ERR_NOT_FOUND)
			tokens->records[kept++] = tokens->records[i];
		else if (rc == ERR_OK && local != NULL)
			rc = local(&record, arg);
		if (rc == ERR_NOT_FOUND || rc == ERR_DAMAGED || rc == ERR_NEWER)
			rc = ERR_OK;
	}
	tokens->count = kept;
	store_close(store);
	return rc == ERR_NOMEM ? error_plain(&context->error, rc) : rc;
}

void
live_tokens_bind(struct context *context, struct selection *tokens)
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
