#include "check/inventory.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

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
inventory_free(struct inventory *census)
{
	free(census->tokens);
	free(census->namings);
	tdestroy(census->users, free_user);
	*census = (struct inventory){0};
}

struct inventory_user *
inventory_user(struct inventory *census, const char *name)
{
	struct inventory_user wanted = {.name = (char *)(uintptr_t)name};
	struct inventory_user **found, *fresh;

	found = tfind(&wanted, &census->users, compare_users);
	if (found != NULL)
		return *found;
	fresh = calloc(1, sizeof(*fresh));
	if (fresh == NULL)
		return NULL;
	fresh->name = strdup(name);
	if (fresh->name == NULL ||
	    tsearch(fresh, &census->users, compare_users) == NULL) {
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
add_token(struct inventory *census, const struct inventory_token *token)
{
	if (!make_room((void **)&census->tokens, census->token_count,
		&census->token_room, sizeof(*token)))
		return ERR_NOMEM;
	census->tokens[census->token_count++] = *token;
	return ERR_OK;
}

static enum err
add_namings(struct inventory *census, struct inventory_user *user,
    const struct index *index)
{
	for (size_t i = 0; i < index->count; i++) {
		struct inventory_ref *naming;

		if (!make_room((void **)&census->namings, census->naming_count,
			&census->naming_room, sizeof(*naming)))
			return ERR_NOMEM;
		naming = &census->namings[census->naming_count++];
		memcpy(naming->id, index->ids[i], sizeof(naming->id));
		naming->user = user;
		naming->place = (uint32_t)i;
	}
	return ERR_OK;
}

static void
note_newer(struct inventory *census, const char *what, const char *name)
{
	census->sealed++;
	census->newer++;
	findings_add(census->findings,
	    "%s %s: written by a newer version; upgrade this machine's "
	    "pam_apitoken",
	    what, name);
}

static enum err
visit_token(
    struct inventory *census, const char *id, const struct image_entry *entry)
{
	struct inventory_token token = {.offset = entry->offset};
	struct record record;
	enum err rc;

	memcpy(token.id, id, TOKEN_ID_LEN);
	rc = record_decode(
	    &record, token.id, census->keys->record, entry->value, entry->len);
	token.newer = rc == ERR_NEWER;
	if (token.newer)
		note_newer(census, "token", token.id);
	token.sound = rc == ERR_OK;
	if (token.sound) {
		token.user = inventory_user(census, record.user);
		if (token.user == NULL)
			return ERR_NOMEM;
		census->sealed++;
		census->sound_tokens++;
		census->owners += !token.user->owns;
		token.user->owns = true;
	}
	return add_token(census, &token);
}

static enum err
visit_index(
    struct inventory *census, const char *name, const struct image_entry *entry)
{
	struct index index = {0};
	struct inventory_user *user;
	enum err rc;

	user = inventory_user(census, name);
	if (user == NULL)
		return ERR_NOMEM;
	rc = index_decode(
	    &index, name, census->keys->record, entry->value, entry->len);
	if (rc == ERR_NOMEM)
		return rc;
	if (rc == ERR_OK) {
		user->index = INVENTORY_SOUND_INDEX;
		census->sealed++;
		rc = add_namings(census, user, &index);
		index_free(&index);
		return rc;
	}
	user->index = INVENTORY_DAMAGED_INDEX;
	if (rc == ERR_NEWER)
		note_newer(census, "index of", name);
	else
		findings_add(census->findings,
		    "index of %s: damaged; --repair rebuilds it", name);
	return ERR_OK;
}

static enum err
visit_linked(const struct image_entry *entry, void *arg)
{
	struct inventory *census = arg;
	size_t len = entry->key_len;
	char name[RECORD_USER_MAX + 1];

	switch (db_key_parse(entry->key, len, name)) {
	case DB_TOKEN:
		return visit_token(census, name, entry);
	case DB_USER:
		return visit_index(census, name, entry);
	case DB_CHECK:
		census->has_check = true;
		census->check_fits = keycheck_fits(
		    census->keys, entry->value, entry->len);
		census->sealed += census->check_fits;
		return ERR_OK;
	case DB_OTHER:
		break;
	}
	findings_add(census->findings,
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
find_token(const struct inventory *census, const char id[TOKEN_ID_LEN + 1])
{
	struct inventory_token wanted = {0};

	if (census->token_count == 0)
		return NULL;
	memcpy(wanted.id, id, TOKEN_ID_LEN);
	return bsearch(&wanted, census->tokens, census->token_count,
	    sizeof(wanted), compare_tokens);
}

void
inventory_doubt(struct inventory *census, const char id[TOKEN_ID_LEN + 1])
{
	struct inventory_token *found = find_token(census, id);

	if (found != NULL)
		found->twice = true;
}

const struct inventory_token *
inventory_token(const struct inventory *census, const char id[TOKEN_ID_LEN + 1])
{
	const struct inventory_token *found = find_token(census, id);

	return found != NULL && found->sound && !found->twice ? found : NULL;
}

const struct inventory_ref *
inventory_ref(const struct inventory *census, const char id[TOKEN_ID_LEN + 1])
{
	struct inventory_ref wanted = {0};
	const struct inventory_ref *found;

	if (census->naming_count == 0)
		return NULL;
	memcpy(wanted.id, id, TOKEN_ID_LEN);
	found = bsearch(&wanted, census->namings, census->naming_count,
	    sizeof(wanted), compare_namings);
	while (found != NULL && found > census->namings &&
	    compare_namings(found - 1, found) == 0)
		found--;
	return found;
}

/* Sorts, and marks the ids that occur twice. */
static void
put_in_order(struct inventory *census)
{
	struct inventory_token *token = census->tokens;

	if (census->naming_count > 0)
		qsort(census->namings, census->naming_count,
		    sizeof(*census->namings), compare_namings);
	if (census->token_count > 0)
		qsort(
		    token, census->token_count, sizeof(*token), compare_tokens);
	for (size_t i = 1; i < census->token_count; i++) {
		if (compare_tokens(token + i - 1, token + i) == 0)
			token[i - 1].twice = token[i].twice = true;
	}
}

enum err
inventory_take(struct inventory *census, struct tdb_image *raw)
{
	enum err rc = image_each_linked(raw, visit_linked, census);

	put_in_order(census);
	return rc;
}
