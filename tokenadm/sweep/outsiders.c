#include "sweep/outsiders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lifecycle/group_rule.h"
#include "session/rundir.h"
#include "session/session_list.h"
#include "sessions/live_tokens.h"
#include "sessions/terminate.h"
#include "tokens/group_members.h"
#include "tokens/token_selection.h"
#include "tokens/transaction.h"

struct outsider {
	const struct sweep_owner *owner;
	struct outsider *next;
};

struct outsiders {
	struct outsider *first, **end;
	size_t count;
	struct groups groups; /* none: the name services are asked about all */
	struct error unknown; /* why the rest cannot be told; "": it can */
	bool of_fleet;
	struct selection live; /* of a fleet: its tokens that have sessions */
};

static void
free_all(struct outsiders *outsiders)
{
	group_members_free(&outsiders->groups);
	select_free(&outsiders->live);
	while (outsiders->first != NULL) {
		struct outsider *next = outsiders->first->next;

		free(outsiders->first);
		outsiders->first = next;
	}
}

/* The first live token of the fleet's from index on that may be the owner's. */
static size_t
find_live(const struct outsiders *outsiders, const struct sweep_owner *owner,
    size_t index)
{
	const struct selection *live = &outsiders->live;

	while (index < live->count &&
	    strcmp(live->records[index].user, owner->user) != 0)
		index++;
	return index;
}

/* A fleet's owners may be thousands who never come. */
static bool
is_concerned(const struct outsiders *outsiders, const struct sweeping *how,
    const struct sweep_owner *owner)
{
	return (owner->found == SWEEP_FINE || owner->found == SWEEP_MOVED) &&
	    (!how->local_only || owner->local) &&
	    (!outsiders->of_fleet ||
		(owner->is_here &&
		    find_live(outsiders, owner, 0) < outsiders->live.count));
}

struct member_call {
	const struct groups *groups;
	const struct account_set_entry *account; /* NULL: not looked up */
};

/*
 * /etc/group, which was read once, is believed only where it lists the owner:
 * the name services know members that it does not, but read all of it for each.
 */
static enum err
is_in_group(const char *user, const char *group, bool *is_member, void *arg)
{
	const struct member_call *call = arg;

	if (call->account != NULL &&
	    group_members_has(call->groups, group, call->account, is_member) ==
		ERR_OK &&
	    *is_member)
		return ERR_OK;
	return policy_ask_system(user, group, is_member, NULL);
}

/* Whether the owner is outside. If one cannot be told, no other is asked. */
static bool
is_outside(struct context *context, struct outsiders *outsiders,
    const struct sweep_owner *owner, struct group_rule *rule)
{
	struct member_call call = {&outsiders->groups, owner->account};

	return outsiders->unknown.text[0] == '\0' &&
	    group_rule_ask_member(rule, &context->config, owner->user,
		is_in_group, &call, &outsiders->unknown) == ERR_OK &&
	    rule->membership == MEMBERSHIP_OUT;
}

static void
print_one(const struct sweep_owner *owner, const struct group_rule *rule,
    bool of_fleet)
{
	printf("%s (uid %lu): %zu token%s%s refused: not in the group `%s`\n",
	    owner->user, (unsigned long)owner->uid, owner->tokens,
	    owner->tokens == 1 ? "" : "s", of_fleet ? " of the fleet" : "",
	    rule->group);
}

/* ERR_NOMEM. */
static enum err
add(struct outsiders *outsiders, const struct sweep_owner *owner)
{
	struct outsider *fresh = calloc(1, sizeof(*fresh));

	if (fresh == NULL)
		return ERR_NOMEM;
	fresh->owner = owner;
	*outsiders->end = fresh;
	outsiders->end = &fresh->next;
	return ERR_OK;
}

/* A user may be several owners, who are adjacent; names are interned. */
static enum err
find_all(struct context *context, const struct sweeping *how,
    const struct sweep *sweep, struct outsiders *outsiders)
{
	const struct sweep_owner *one = sweep->owners;
	const char *last = NULL;
	struct group_rule rule;

	for (; one != NULL; one = one->next) {
		if (!is_concerned(outsiders, how, one) ||
		    !is_outside(context, outsiders, one, &rule))
			continue;
		outsiders->count += one->user != last;
		last = one->user;
		if (outsiders->count <= how->most_alone)
			print_one(one, &rule, outsiders->of_fleet);
		if (add(outsiders, one) != ERR_OK)
			return error_plain(&context->error, ERR_NOMEM);
	}
	if (outsiders->count > how->most_alone)
		printf("not in their group, too: %zu more\n",
		    outsiders->count - how->most_alone);
	return ERR_OK;
}

/* Forgets those who are not outside any more, or of whom it is not known. */
static void
look_again(struct context *context, struct outsiders *outsiders)
{
	struct outsider **one = &outsiders->first;
	struct group_rule rule;

	while (*one != NULL) {
		struct outsider *gone = *one;

		if (is_outside(context, outsiders, gone->owner, &rule)) {
			one = &gone->next;
			continue;
		}
		*one = gone->next;
		free(gone);
	}
}

/* Adds an owner's tokens; one that is damaged has let nobody in. */
static enum err
select_owned(struct context *context, const struct sweep_owner *owner,
    struct selection *tokens)
{
	struct index index = {0};
	struct record record;
	struct store *store;
	enum err rc = transaction_read(&store, context);

	if (rc != ERR_OK)
		return rc;
	rc = store_get_index(store, owner->user, &index, &context->error);
	for (size_t i = 0; rc == ERR_OK && i < index.count; i++) {
		if (store_get(store, index.ids[i], &record, NULL) == ERR_OK &&
		    record.uid == owner->uid)
			rc = select_add(tokens, &record);
	}
	index_free(&index);
	store_close(store);
	return rc == ERR_NOMEM ? error_plain(&context->error, rc) : rc;
}

/* Likewise of a fleet's; the uid tells which processes are his. */
static enum err
select_live(const struct outsiders *outsiders, const struct sweep_owner *owner,
    struct selection *tokens)
{
	const struct selection *live = &outsiders->live;
	enum err rc = ERR_OK;

	for (size_t i = find_live(outsiders, owner, 0);
	     rc == ERR_OK && i < live->count;
	     i = find_live(outsiders, owner, i + 1)) {
		live->records[i].uid = owner->uid;
		rc = select_add(tokens, &live->records[i]);
	}
	return rc;
}

/* The store is closed in between, so that nobody waits for all of them. */
static enum err
select_all(struct context *context, const struct outsiders *outsiders,
    struct selection *tokens)
{
	const struct outsider *one = outsiders->first;
	enum err rc = ERR_OK;

	for (; rc == ERR_OK && one != NULL; one = one->next)
		rc = outsiders->of_fleet
		    ? select_live(outsiders, one->owner, tokens)
		    : select_owned(context, one->owner, tokens);
	return rc;
}

static enum err
end_sessions(struct context *context, const struct outsiders *outsiders)
{
	struct selection tokens = {0};
	struct termination done = {0};
	enum err rc = select_all(context, outsiders, &tokens);

	if (rc == ERR_OK && tokens.count > 0)
		rc = terminate_sessions(context, &tokens, &done);
	/* Each sweep comes here again: it says only what it has ended. */
	if (done.ended > 0)
		terminate_report(context, &done, stdout);
	terminate_free(&done);
	select_free(&tokens);
	return rc;
}

struct looking {
	const struct outsiders *outsiders;
	bool found;
};

/* One whose file is damaged may be anybody's. */
static enum err
look_at(const struct session *session, void *arg)
{
	struct looking *looking = arg;
	const struct outsider *one = looking->outsiders->first;

	if (session_is_over(session))
		return ERR_OK;
	for (; one != NULL && !looking->found; one = one->next)
		looking->found = session->user[0] == '\0' ||
		    strcmp(session->user, one->owner->user) == 0;
	return ERR_OK;
}

/* Whether any of them has a session; if that cannot be told, one has. */
static bool
have_sessions(const struct outsiders *outsiders)
{
	struct looking looking = {.outsiders = outsiders};

	return session_each(RUNDIR, NULL, look_at, &looking, NULL) != ERR_OK ||
	    looking.found;
}

static enum err
check_likely(struct context *context, const struct sweeping *how,
    const struct sweep *sweep, const struct outsiders *outsiders)
{
	if (how->force || !sweep_are_too_many(sweep, outsiders->count))
		return ERR_OK;
	return error_about(&context->error, "force", "too_many",
	    error_set(&context->error, ERR_POLICY,
		"stopped: it would end the sessions of %zu of %zu users, who "
		"are not in the group that the policy requires, as if a "
		"directory were broken; look at them with --dry-run, then use: "
		"tokenadm sweep "
		"--force",
		outsiders->count, sweep->users));
}

/* Finds those who are outside, where a policy requires a group. */
static enum err
look(struct context *context, const struct sweeping *how,
    const struct sweep *sweep, struct outsiders *outsiders)
{
	enum err rc = ERR_OK;

	if (!policy_requires_groups(&context->config))
		return ERR_OK;
	if (outsiders->of_fleet)
		rc = live_tokens_read(&outsiders->live, &context->error);
	if (rc == ERR_OK)
		rc = live_tokens_drop_local(
		    context, &outsiders->live, NULL, NULL);
	if (rc != ERR_OK)
		return rc;
	(void)group_members_read(&outsiders->groups, &context->config, NULL);
	return find_all(context, how, sweep, outsiders);
}

enum err
outsiders_run(struct context *context, const struct sweeping *how,
    const struct sweep *sweep, bool of_fleet)
{
	struct outsiders outsiders = {.of_fleet = of_fleet};
	enum err rc;

	outsiders.end = &outsiders.first;
	rc = look(context, how, sweep, &outsiders);
	if (rc == ERR_OK && outsiders.count > 0 && !how->dry_run &&
	    context->config.ends_sessions && have_sessions(&outsiders)) {
		rc = check_likely(context, how, sweep, &outsiders);
		if (rc == ERR_OK) {
			sweeping_wait();
			look_again(context, &outsiders);
			rc = end_sessions(context, &outsiders);
		}
	}
	if (outsiders.unknown.text[0] != '\0')
		printf("%s: nobody is judged by it\n", outsiders.unknown.text);
	free_all(&outsiders);
	return rc;
}
