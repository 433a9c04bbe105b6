#include "check/crosscheck.h"

#include <string.h>

#include "check/logo_check.h"
#include "store/db_key.h"
#include "token/index.h"
#include "token/record.h"

/* Everything with one id: a range of each array, NULL if empty. */
struct group {
	const struct inventory_token *tokens;
	size_t token_count;
	const struct inventory_ref *refs;
	size_t ref_count;
};

static size_t
count_tokens(const struct inventory *inventory, size_t at, const char *id)
{
	size_t n = 0;

	while (at + n < inventory->token_count &&
	    memcmp(inventory->tokens[at + n].id, id, TOKEN_ID_LEN) == 0)
		n++;
	return n;
}

static size_t
count_refs(const struct inventory *inventory, size_t at, const char *id)
{
	size_t n = 0;

	while (at + n < inventory->ref_count &&
	    memcmp(inventory->refs[at + n].id, id, TOKEN_ID_LEN) == 0)
		n++;
	return n;
}

/* The next group, from the given places on; false at the end. */
static bool
next_group(const struct inventory *inventory, size_t *token, size_t *ref,
    struct group *group)
{
	const char *id = NULL;

	if (*token < inventory->token_count)
		id = inventory->tokens[*token].id;
	if (*ref < inventory->ref_count &&
	    (id == NULL ||
		memcmp(inventory->refs[*ref].id, id, TOKEN_ID_LEN) < 0))
		id = inventory->refs[*ref].id;
	if (id == NULL)
		return false;
	group->token_count = count_tokens(inventory, *token, id);
	group->ref_count = count_refs(inventory, *ref, id);
	group->tokens = group->token_count > 0 ? &inventory->tokens[*token]
					       : NULL;
	group->refs = group->ref_count > 0 ? &inventory->refs[*ref] : NULL;
	*token += group->token_count;
	*ref += group->ref_count;
	return true;
}

/* A token that is not there, or not sound. */
static void
judge_unsound(struct findings *findings, const struct group *group)
{
	bool missing = group->token_count == 0;
	const char *id = missing ? group->refs->id : group->tokens->id;
	bool named = group->ref_count > 0;

	if (!missing && group->tokens->newer)
		return;
	findings_add(findings,
	    "token %s%s%s: %s; --repair brings back an older copy if there is "
	    "one, deactivated",
	    id, named ? " of " : "", named ? group->refs->user->name : "",
	    missing ? "missing, though its user's index names it" : "damaged");
}

static void
judge_owner(struct findings *findings, const struct group *group)
{
	const struct inventory_token *token = group->tokens;
	const struct inventory_user *user = token->user;

	for (size_t i = 0; i < group->ref_count; i++) {
		if (group->refs[i].user != user)
			findings_add(findings,
			    "token %s of %s: named by the index of %s; "
			    "--repair mends the index",
			    token->id, user->name, group->refs[i].user->name);
	}
	/* If the index is damaged, that has been said already. */
	if (group->ref_count == 0 && user->index != INVENTORY_DAMAGED_INDEX)
		findings_add(findings,
		    "token %s of %s: missing from its user's index, so that "
		    "it is not listed; --repair adds it",
		    token->id, user->name);
}

static void
judge_group(struct findings *findings, const struct group *group)
{
	const char *id = group->token_count > 0 ? group->tokens->id
						: group->refs->id;

	if (group->token_count > 1)
		findings_add(findings,
		    "token %s: stored twice; --repair keeps one, deactivated",
		    id);
	if (group->ref_count > 1)
		findings_add(findings,
		    "token %s: named twice, by the indexes of %s and %s; "
		    "--repair mends them",
		    id, group->refs[0].user->name, group->refs[1].user->name);
	if (group->token_count == 0 || !group->tokens->sound)
		judge_unsound(findings, group);
	else
		judge_owner(findings, group);
}

static enum err
lost_token(struct inventory *inventory, const char *id,
    const struct image_entry *entry)
{
	struct record record;
	enum err rc;

	rc = record_decode(
	    &record, id, inventory->keys->record, entry->value, entry->len);
	if (rc != ERR_OK)
		return ERR_OK;
	if (inventory_token(inventory, id) != NULL) {
		inventory_doubt(inventory, id);
		findings_add(inventory->findings,
		    "token %s of %s: there is another record of it, to which "
		    "no chain leads; --repair keeps the later one, deactivated",
		    id, record.user);
	} else if (inventory_ref(inventory, id) == NULL) {
		findings_add(inventory->findings,
		    "token %s of %s: no chain leads to it any more; --repair "
		    "brings it back, deactivated",
		    id, record.user);
	}
	return ERR_OK;
}

static enum err
lost_index(struct inventory *inventory, const char *name,
    const struct image_entry *entry)
{
	const struct inventory_user *user;
	struct index index = {0};
	enum err rc;

	rc = index_decode(
	    &index, name, inventory->keys->record, entry->value, entry->len);
	index_free(&index);
	if (rc != ERR_OK)
		return rc == ERR_NOMEM ? rc : ERR_OK;
	user = inventory_user(inventory, name);
	if (user == NULL)
		return ERR_NOMEM;
	if (user->index == INVENTORY_NO_INDEX)
		findings_add(inventory->findings,
		    "index of %s: no chain leads to it any more; --repair "
		    "rebuilds it",
		    name);
	return ERR_OK;
}

static enum err
visit_lost(const struct image_entry *entry, void *arg)
{
	struct inventory *inventory = arg;
	char name[RECORD_USER_MAX + 1];

	switch (db_key_parse(entry->key, entry->key_len, name)) {
	case DB_TOKEN:
		return lost_token(inventory, name, entry);
	case DB_USER:
		return lost_index(inventory, name, entry);
	/* Its token's record says whether one is missing. */
	case DB_LOGO:
	case DB_CHECK:
	case DB_OTHER:
		break;
	}
	return ERR_OK;
}

enum err
crosscheck(struct inventory *inventory, struct tdb_image *image)
{
	size_t token = 0, ref = 0;
	struct group group;
	enum err rc;

	while (next_group(inventory, &token, &ref, &group))
		judge_group(inventory->findings, &group);
	rc = image_each_lost(image, visit_lost, inventory);
	logo_check(inventory);
	return rc;
}
