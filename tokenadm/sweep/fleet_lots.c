#include "sweep/fleet_lots.h"

#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_usable.h"
#include "store/store.h"

struct reading {
	struct fleet_lots *lots;
	const char *user;
};

static enum err
make_room(struct fleet_lots *lots)
{
	size_t room = lots->room == 0 ? 64 : lots->room * 2;
	struct fleet_held *grown;

	if (lots->held_count < lots->room)
		return ERR_OK;
	grown = reallocarray(lots->held, room, sizeof(*grown));
	if (grown == NULL)
		return ERR_NOMEM;
	lots->held = grown;
	lots->room = room;
	return ERR_OK;
}

static enum err
keep(const struct fleet_usable *token, void *arg)
{
	struct reading *reading = arg;
	struct fleet_lots *lots = reading->lots;
	struct fleet_held *held;
	enum err rc;

	if (reading->user != NULL &&
	    strcmp(reading->user, token->token.user) != 0)
		return ERR_OK;
	rc = make_room(lots);
	if (rc != ERR_OK)
		return rc;
	held = &lots->held[lots->held_count];
	*held = (struct fleet_held){
	    .user = pool_intern(&lots->texts, token->token.user),
	    .issuer = pool_intern(&lots->texts, token->name.issuer),
	    .name = pool_intern(&lots->texts, token->token.name),
	    .tie = token->is_bound ? SWEEP_BOUND
		: token->has_uid   ? SWEEP_BY_UID
				   : SWEEP_BY_NAME,
	    .uid = token->has_uid ? token->token.uid : (uid_t)-1,
	    .is_local = token->is_local,
	};
	strcpy(held->id, token->name.id);
	if (held->user == NULL || held->issuer == NULL || held->name == NULL)
		return ERR_NOMEM;
	lots->held_count++;
	return ERR_OK;
}

static int
compare_owner(const struct fleet_held *one, const struct fleet_held *two)
{
	int order = strcmp(one->user, two->user);

	if (order == 0)
		order = (int)one->tie - (int)two->tie;
	if (order == 0)
		order = one->uid < two->uid ? -1 : one->uid > two->uid;
	return order;
}

static int
compare(const void *a, const void *b)
{
	const struct fleet_held *one = a, *two = b;
	int order = compare_owner(one, two);

	if (order == 0)
		order = strcmp(one->issuer, two->issuer);
	return order != 0 ? order : strcmp(one->id, two->id);
}

/* Makes an owner and a lot of tokens that lie together. */
static enum err
add_lot(struct fleet_lots *lots, struct sweep *sweep, struct sweep_owner ***end,
    struct fleet_held *held, size_t count)
{
	struct sweep_owner *owner = sweep_add(
	    sweep, end, held->user, held->uid);

	if (owner == NULL)
		return ERR_NOMEM;
	owner->tie = held->tie;
	owner->tokens = count;
	/* As long as no token says that it is not. */
	owner->local = true;
	for (size_t i = 0; i < count; i++)
		owner->local = owner->local && held[i].is_local;
	lots->each[lots->count++] = (struct fleet_lot){owner, held, count};
	return ERR_OK;
}

static enum err
make_lots(struct fleet_lots *lots, struct sweep *sweep)
{
	struct sweep_owner **end = &sweep->owners;
	enum err rc = ERR_OK;

	if (lots->held_count > 0)
		qsort(
		    lots->held, lots->held_count, sizeof(*lots->held), compare);
	lots->each = calloc(lots->held_count + 1, sizeof(*lots->each));
	if (lots->each == NULL)
		return ERR_NOMEM;
	for (size_t i = 0, n; rc == ERR_OK && i < lots->held_count; i += n) {
		struct fleet_held *first = &lots->held[i];

		for (n = 1; i + n < lots->held_count &&
		     compare_owner(first, &lots->held[i + n]) == 0;)
			n++;
		rc = add_lot(lots, sweep, &end, first, n);
	}
	return rc;
}

void
fleet_lots_free(struct fleet_lots *lots)
{
	free(lots->each);
	free(lots->held);
	pool_free(&lots->texts);
	*lots = (struct fleet_lots){0};
}

enum err
fleet_lots_read(struct fleet_lots *lots, struct sweep *sweep,
    const struct config *config, const char *user, int64_t now,
    struct error *why)
{
	struct reading reading = {lots, user};
	enum err rc;

	*lots = (struct fleet_lots){0};
	rc = fleet_usable_each(
	    config, now, store_deadline(config), keep, &reading, why);
	if (rc == ERR_NOMEM)
		return rc;
	return make_lots(lots, sweep) == ERR_OK ? rc
						: error_plain(why, ERR_NOMEM);
}
