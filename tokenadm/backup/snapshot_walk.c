#include "backup/snapshot_walk.h"

#include <string.h>

#include "token/index.h"

struct walk {
	struct store *store;
	snapshot_walk_visitor *visitor;
	void *arg;
	struct error *why;
};

static enum err
visit(struct walk *walk, const char *user, const char *id)
{
	struct record record;
	enum err rc = store_get(walk->store, id, &record, walk->why);

	if (rc == ERR_NOT_FOUND ||
	    (rc == ERR_OK && strcmp(record.user, user) != 0))
		return error_set(walk->why, ERR_DAMAGED,
		    "the database is damaged: token %s of %s is %s; mend it "
		    "with: tokenadm check --repair",
		    id, user, rc == ERR_OK ? "another user's" : "missing");
	return rc == ERR_OK ? walk->visitor(&record, walk->arg) : rc;
}

static enum err
visit_user(const char *user, void *arg)
{
	struct walk *walk = arg;
	struct index index = {0};
	enum err rc = store_get_index(walk->store, user, &index, walk->why);

	for (size_t i = 0; rc == ERR_OK && i < index.count; i++)
		rc = visit(walk, user, index.ids[i]);
	index_free(&index);
	return rc;
}

enum err
snapshot_walk_tokens(struct store *store, snapshot_walk_visitor *visitor,
    void *arg, struct error *why)
{
	struct walk walk = {store, visitor, arg, why};

	return store_each_user(store, visit_user, &walk, why);
}

static enum err
count_one(const char id[TOKEN_ID_LEN + 1], void *arg)
{
	(void)id;
	++*(uint64_t *)arg;
	return ERR_OK;
}

enum err
snapshot_walk_count(struct store *store, uint64_t *count, struct error *why)
{
	*count = 0;
	return store_each_id(store, count_one, count, why);
}
