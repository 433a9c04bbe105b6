#include "outbox/fleet_side.h"

#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "base/list.h"
#include "fleet/fleet_own.h"
#include "fleet/fleet_patience.h"
#include "outbox/outbox_send.h"

#define PATIENCE 10000 /* milliseconds for the engine */

static bool
is_host_or_group(const char *word)
{
	return parse_is_host(word[0] == '@' ? word + 1 : word);
}

enum err
fleet_side_hosts(struct fleet_hosts *hosts, const char *text, struct error *why)
{
	char list[FLEET_HOSTS_LEN], word[LIST_WORD_MAX + 1];
	const char *rest = list;
	size_t count = 0;

	*hosts = (struct fleet_hosts){0};
	if (strcmp(text, "all") == 0)
		return ERR_OK;
	if (!list_parse(text, is_host_or_group, list, sizeof(list), word))
		return error_about(why, "hosts", NULL,
		    error_set(why, ERR_INVALID,
			"hosts `%s`: give names of hosts in small letters, "
			"@groups "
			"of them, or all; at most %d",
			word, FLEET_HOSTS_MAX));
	while (list_next(&rest, word)) {
		bool is_group = word[0] == '@';
		char *to = is_group ? hosts->groups : hosts->hosts;

		if (++count > FLEET_HOSTS_MAX)
			return error_about(why, "hosts", NULL,
			    error_set(why, ERR_INVALID,
				"hosts: more than %d; name a @group of them",
				FLEET_HOSTS_MAX));
		if (to[0] != '\0')
			strcat(to, ",");
		strcat(to, word + is_group);
	}
	return ERR_OK;
}

bool
fleet_side_is_meant(const struct args *args)
{
	return args_look(args, "fleet") != NULL ||
	    args_look(args, "local") != NULL;
}

static enum err
read_side(struct fleet_side *side, const struct args *args, struct error *why)
{
	const char *hosts = args_look(args, "hosts");
	enum err rc;

	if (side->local.fleet.id[0] == '\0')
		return error_about(why, "fleet", NULL,
		    error_set(why, ERR_CONFIG,
			"--fleet: this machine is in no fleet; set [fleet] id, "
			"see "
			"fleet(7)"));
	rc = crypto_init(why);
	if (rc == ERR_OK)
		rc = fleet_key_read(&side->key, side->local.fleet.key, why);
	side->is_issuer = rc == ERR_OK;
	if (rc == ERR_MISSING)
		rc = ERR_OK;
	side->has_hosts = hosts != NULL;
	if (rc == ERR_OK && hosts != NULL)
		rc = fleet_side_hosts(&side->hosts, hosts, why);
	return rc;
}

enum err
fleet_side_begin(struct context *context, const struct args *args)
{
	struct fleet_side *side = calloc(1, sizeof(*side));

	context->fleet = side;
	if (side == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	side->local = context->config;
	fleet_issued_config(&context->config, &side->local);
	return read_side(side, args, &context->error);
}

void
fleet_side_end(struct context *context)
{
	if (context->fleet == NULL)
		return;
	context->config = context->fleet->local;
	crypto_wipe(&context->fleet->key, sizeof(context->fleet->key));
	free(context->fleet);
	context->fleet = NULL;
}

enum err
fleet_side_check(struct context *context)
{
	if (context->fleet->is_issuer)
		return ERR_OK;
	return error_about(&context->error, "fleet", NULL,
	    error_set(&context->error, ERR_MISSING,
		"%s: missing: this machine issues no tokens to its fleet; "
		"tokenadm "
		"fleet init makes it one that does",
		context->fleet->local.fleet.key));
}

enum err
fleet_side_follow(struct context *context, struct store *store)
{
	struct fleet_side *side = context->fleet;
	enum err rc = fleet_change_begin(&side->change, store, &side->local,
	    &side->key, context->now, &context->error);

	if (rc == ERR_OK && side->has_hosts)
		fleet_change_set_default(side->change, &side->hosts);
	return rc;
}

enum err
fleet_side_sign(struct context *context)
{
	bool is_new;

	return fleet_change_end(
	    context->fleet->change, &is_new, &context->error);
}

void
fleet_side_committed(struct context *context)
{
	fleet_change_committed(context->fleet->change);
}

void
fleet_side_forget(struct context *context)
{
	fleet_change_free(context->fleet->change);
	context->fleet->change = NULL;
}

static enum err
send(struct context *context, struct error *why)
{
	const struct config *config = &context->fleet->local;
	int64_t deadline = deadline_in(PATIENCE);
	struct engine engine;
	enum err rc = engine_open(&engine, config, deadline, why);

	if (rc == ERR_OK)
		rc = outbox_send(
		    config, &context->fleet->key, &engine, deadline, why);
	engine_close(&engine);
	if (rc != ERR_OK && fleet_patience_is_over())
		(void)error_set(why, rc, "interrupted");
	return rc;
}

enum err
fleet_side_publish(struct context *context)
{
	const struct config *config = &context->fleet->local;
	struct fleet_unconfirmed *unconfirmed = &context->fleet->unconfirmed;
	struct fleet_applied applied;
	struct error here, there;
	enum err own = fleet_own_apply(&applied, config, &context->fleet->key,
	    context->now, store_deadline(config), &here);
	enum err sent = send(context, &there);

	if (own == ERR_OK && sent == ERR_OK)
		return ERR_OK;
	unconfirmed->is_sent = sent == ERR_OK;
	unconfirmed->cause = unconfirmed->is_sent ? here : there;
	return error_set(&context->error, ERR_UNCONFIRMED, "%s: %s",
	    unconfirmed->is_sent ? "the fleet has it, but on this machine it "
				   "does not hold yet"
				 : "not confirmed by the fleet's engine; will "
				   "be retried",
	    unconfirmed->cause.text);
}
