#include "sessions/deactivated.h"

#include <stdlib.h>
#include <string.h>

#include "check/repair.h"
#include "fleet/fleet_store.h"
#include "sessions/live_tokens.h"

struct finding {
	const char *user; /* NULL: all */
	struct selection *tokens;
};

static bool
is_meant(const struct finding *finding, const struct record *token)
{
	return finding->user == NULL || strcmp(finding->user, token->user) == 0;
}

/* A repair deactivates whatever may be old: that says nothing of its owner. */
static enum err
add_local(const struct record *token, void *arg)
{
	const struct finding *finding = arg;

	return is_meant(finding, token) && token->state == RECORD_DEACTIVATED &&
		strcmp(token->ended.reason, REPAIR_REASON) != 0
	    ? select_add(finding->tokens, token)
	    : ERR_OK;
}

/* What an issuer says of a token of the user; false: nothing, or of another. */
static bool
read_part(const struct fleet_part *part, const char *user,
    struct fleet_record *record)
{
	return part->len > 0 &&
	    fleet_record_decode(record, part->bytes, part->len) == ERR_OK &&
	    record->kind == FLEET_TOKEN &&
	    /* Of a session whose file is damaged no user is known. */
	    (user[0] == '\0' || strcmp(record->token.user, user) == 0);
}

/*
 * Whether it was ended here, as what its session was opened with: no token of
 * that id and user goes on. Sets the uid that it had here, if that is known.
 */
static bool
was_ended_here(const struct fleet_entry *entry, struct record *token,
    struct fleet_record *record)
{
	bool is_ended = false, is_alive = false;

	for (size_t i = 0; i < entry->count; i++) {
		const struct fleet_overlay *overlay = &entry->parts[i].overlay;
		bool is_his = read_part(&entry->parts[i], token->user, record);

		/* Its issuer may have withdrawn it since. */
		if (overlay->state == RECORD_DEACTIVATED &&
		    (is_his || entry->parts[i].len == 0)) {
			is_ended = true;
			if (overlay->has_uid)
				token->uid = overlay->uid;
		} else if (is_his && overlay->state == 0 &&
		    record->token.state != RECORD_REVOKED) {
			is_alive = true;
		}
	}
	return is_ended && !is_alive;
}

/* Adds those of the fleet's. */
static enum err
add_fleet(struct context *context, const struct finding *finding,
    const struct selection *live)
{
	struct fleet_record *record = calloc(1, sizeof(*record));
	struct fleet_store *store = NULL;
	enum err rc;

	if (record == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	rc = fleet_store_open(&store, &context->config, STORE_READ,
	    store_deadline(&context->config), &context->error);
	for (size_t i = 0; rc == ERR_OK && i < live->count; i++) {
		struct record *token = &live->records[i];
		struct fleet_entry entry;

		if (!is_meant(finding, token))
			continue;
		if (fleet_store_get(store, token->id, &entry, NULL) == ERR_OK &&
		    was_ended_here(&entry, token, record))
			rc = select_add(finding->tokens, token);
		fleet_entry_free(&entry);
	}
	fleet_store_close(store);
	free(record);
	return rc == ERR_MISSING ? ERR_OK : rc;
}

enum err
deactivated_find(
    struct context *context, const char *user, struct selection *tokens)
{
	struct finding finding = {user, tokens};
	struct selection live;
	enum err rc = live_tokens_read(&live, &context->error);

	*tokens = (struct selection){.count = 0};
	if (rc == ERR_OK)
		rc = live_tokens_drop_local(
		    context, &live, add_local, &finding);
	if (rc == ERR_OK && live.count > 0 &&
	    context->config.fleet.id[0] != '\0')
		rc = add_fleet(context, &finding, &live);
	live_tokens_bind(context, tokens);
	select_free(&live);
	return rc;
}
