#include "check/inventory.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "check/issued_value.h"
#include "store/db_key.h"
#include "store/keycheck.h"
#include "token/index.h"
#include "token/record.h"

static int
compare_users(const void *a, const void *b)
{
	return strcmp(((const struct inventory_user *)a)->name,
	    ((const struct inventory_user *)b)->name);
}

static void
free_user(void *user)
{
	free(((struct inventory_user *)user)->name);
	free(user);
}

void
inventory_free(struct inventory *inventory)
{
	free(inventory->tokens);
	free(inventory->refs);
	free(inventory->values);
	logo_list_free(&inventory->logos);
	tdestroy(inventory->users, free_user);
	*inventory = (struct inventory){0};
}

struct inventory_user *
inventory_user(struct inventory *inventory, const char *name)
{
	struct inventory_user wanted = {.name = (char *)(uintptr_t)name};
	struct inventory_user **found, *fresh;

	found = tfind(&wanted, &inventory->users, compare_users);
	if (found != NULL)
		return *found;
	fresh = calloc(1, sizeof(*fresh));
	if (fresh == NULL)
		return NULL;
	fresh->name = strdup(name);
	if (fresh->name == NULL ||
	    tsearch(fresh, &inventory->users, compare_users) == NULL) {
		free_user(fresh);
		return NULL;
	}
	return fresh;
}

/* Makes room for one more, by doubling; false if out of memory. */
static bool
make_room(void **array, size_t count, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 256 : *room * 2;
	void *grown;

	if (count < *room)
		return true;
	grown = reallocarray(*array, more, size);
	if (grown == NULL)
		return false;
	*array = grown;
	*room = more;
	return true;
}

static enum err
add_token(struct inventory *inventory, const struct inventory_token *token)
{
	if (!make_room((void **)&inventory->tokens, inventory->token_count,
		&inventory->token_room, sizeof(*token)))
		return ERR_NOMEM;
	inventory->tokens[inventory->token_count++] = *token;
	return ERR_OK;
}

static enum err
add_namings(struct inventory *inventory, struct inventory_user *user,
    const struct index *index)
{
	for (size_t i = 0; i < index->count; i++) {
		struct inventory_ref *ref;

		if (!make_room((void **)&inventory->refs, inventory->ref_count,
			&inventory->ref_room, sizeof(*ref)))
			return ERR_NOMEM;
		ref = &inventory->refs[inventory->ref_count++];
		memcpy(ref->id, index->ids[i], sizeof(ref->id));
		ref->user = user;
		ref->place = (uint32_t)i;
	}
	return ERR_OK;
}

static void
note_newer(struct inventory *inventory, const char *what, const char *name)
{
	inventory->sealed++;
	inventory->newer++;
	findings_add(inventory->findings,
	    "%s %s: written by a newer version; upgrade this machine's "
	    "pam_apitoken",
	    what, name);
}

static enum err
visit_token(struct inventory *inventory, const char *id,
    const struct image_entry *entry)
{
	struct inventory_token token = {.offset = entry->offset};
	struct record record;
	enum err rc;

	memcpy(token.id, id, TOKEN_ID_LEN);
	rc = record_decode(&record, token.id, inventory->keys->record,
	    entry->value, entry->len);
	token.newer = rc == ERR_NEWER;
	if (token.newer)
		note_newer(inventory, "token", token.id);
	token.sound = rc == ERR_OK;
	if (token.sound) {
		token.user = inventory_user(inventory, record.user);
		if (token.user == NULL)
			return ERR_NOMEM;
		token.logo = record.logo_mark;
		inventory->sealed++;
		inventory->sound_tokens++;
		inventory->owners += !token.user->owns;
		token.user->owns = true;
	}
	return add_token(inventory, &token);
}

static enum err
visit_index(struct inventory *inventory, const char *name,
    const struct image_entry *entry)
{
	struct index index = {0};
	struct inventory_user *user;
	enum err rc;

	user = inventory_user(inventory, name);
	if (user == NULL)
		return ERR_NOMEM;
	rc = index_decode(
	    &index, name, inventory->keys->record, entry->value, entry->len);
	if (rc == ERR_NOMEM)
		return rc;
	if (rc == ERR_OK) {
		user->index = INVENTORY_SOUND_INDEX;
		inventory->sealed++;
		rc = add_namings(inventory, user, &index);
		index_free(&index);
		return rc;
	}
	user->index = INVENTORY_DAMAGED_INDEX;
	if (rc == ERR_NEWER)
		note_newer(inventory, "index of", name);
	else
		findings_add(inventory->findings,
		    "index of %s: damaged; --repair rebuilds it", name);
	return ERR_OK;
}

static enum err
visit_logo(struct inventory *inventory, const char *id,
    const struct image_entry *entry)
{
	enum err rc = logo_list_add(
	    &inventory->logos, inventory->keys, id, entry);

	if (rc == ERR_NOMEM)
		return rc;
	if (rc == ERR_NEWER)
		note_newer(inventory, "logo of token", id);
	inventory->sealed += rc == ERR_OK;
	return ERR_OK;
}

/* What is no token, of what is issued to a fleet. */
static enum err
visit_value(struct inventory *inventory, const struct image_entry *entry)
{
	struct issued_value value;
	enum err rc = issued_value_judge(&value, inventory->keys, entry);

	if (rc == ERR_NOT_FOUND)
		return rc;
	if (rc == ERR_NEWER)
		note_newer(inventory, "to the fleet:", value.what);
	else if (rc != ERR_OK)
		findings_add(inventory->findings,
		    "to the fleet: %s: damaged; --repair goes on without it",
		    value.what);
	if (rc != ERR_OK)
		return ERR_OK;
	if (!make_room((void **)&inventory->values, inventory->value_count,
		&inventory->value_room, sizeof(*inventory->values)))
		return ERR_NOMEM;
	inventory->values[inventory->value_count++] = entry->offset;
	inventory->sealed++;
	return ERR_OK;
}

static enum err
visit_linked(const struct image_entry *entry, void *arg)
{
	struct inventory *inventory = arg;
	size_t len = entry->key_len;
	char name[RECORD_USER_MAX + 1];
	enum err rc = inventory->has_values ? visit_value(inventory, entry)
					    : ERR_NOT_FOUND;

	if (rc != ERR_NOT_FOUND)
		return rc;
	switch (db_key_parse(entry->key, len, name)) {
	case DB_TOKEN:
		return visit_token(inventory, name, entry);
	case DB_LOGO:
		return visit_logo(inventory, name, entry);
	case DB_USER:
		return visit_index(inventory, name, entry);
	case DB_CHECK:
		inventory->has_check = true;
		inventory->check_fits = keycheck_fits(
		    inventory->keys, entry->value, entry->len);
		inventory->sealed += inventory->check_fits;
		return ERR_OK;
	case DB_OTHER:
		break;
	}
	findings_add(inventory->findings,
	    "an entry whose name is damaged: `%.*s`; --repair leaves it out",
	    len < 64 ? (int)len : 64, entry->key);
	return ERR_OK;
}

static int
compare_tokens(const void *a, const void *b)
{
	return memcmp(((const struct inventory_token *)a)->id,
	    ((const struct inventory_token *)b)->id, TOKEN_ID_LEN);
}

static int
compare_namings(const void *a, const void *b)
{
	return memcmp(((const struct inventory_ref *)a)->id,
	    ((const struct inventory_ref *)b)->id, TOKEN_ID_LEN);
}

static struct inventory_token *
find_token(const struct inventory *inventory, const char id[TOKEN_ID_LEN + 1])
{
	struct inventory_token wanted = {0};

	if (inventory->token_count == 0)
		return NULL;
	memcpy(wanted.id, id, TOKEN_ID_LEN);
	return bsearch(&wanted, inventory->tokens, inventory->token_count,
	    sizeof(wanted), compare_tokens);
}

void
inventory_doubt(struct inventory *inventory, const char id[TOKEN_ID_LEN + 1])
{
	struct inventory_token *found = find_token(inventory, id);

	if (found != NULL)
		found->twice = true;
}

const struct inventory_token *
inventory_token(
    const struct inventory *inventory, const char id[TOKEN_ID_LEN + 1])
{
	const struct inventory_token *found = find_token(inventory, id);

	return found != NULL && found->sound && !found->twice ? found : NULL;
}

bool
inventory_has_id(
    const struct inventory *inventory, const char id[TOKEN_ID_LEN + 1])
{
	return find_token(inventory, id) != NULL ||
	    inventory_ref(inventory, id) != NULL;
}

const struct inventory_ref *
inventory_ref(
    const struct inventory *inventory, const char id[TOKEN_ID_LEN + 1])
{
	struct inventory_ref wanted = {0};
	const struct inventory_ref *found;

	if (inventory->ref_count == 0)
		return NULL;
	memcpy(wanted.id, id, TOKEN_ID_LEN);
	found = bsearch(&wanted, inventory->refs, inventory->ref_count,
	    sizeof(wanted), compare_namings);
	while (found != NULL && found > inventory->refs &&
	    compare_namings(found - 1, found) == 0)
		found--;
	return found;
}

/* Sorts, and marks the ids that occur twice. */
static void
put_in_order(struct inventory *inventory)
{
	struct inventory_token *token = inventory->tokens;

	if (inventory->ref_count > 0)
		qsort(inventory->refs, inventory->ref_count,
		    sizeof(*inventory->refs), compare_namings);
	if (inventory->token_count > 0)
		qsort(token, inventory->token_count, sizeof(*token),
		    compare_tokens);
	for (size_t i = 1; i < inventory->token_count; i++) {
		if (compare_tokens(token + i - 1, token + i) == 0)
			token[i - 1].twice = token[i].twice = true;
	}
}

enum err
inventory_take(struct inventory *inventory, struct tdb_image *image)
{
	enum err rc = image_each_linked(image, visit_linked, inventory);

	put_in_order(inventory);
	logo_list_sort(&inventory->logos);
	return rc;
}
