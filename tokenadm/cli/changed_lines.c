#include "cli/changed_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

#define FIRST_ROOM 64
#define HASH_LEN 16 /* of the hash's bytes: no two lines have the same */

struct changed_line {
	char id[CHANGED_LINES_ID_MAX + 1];
	uint8_t hash[HASH_LEN];
	bool is_there; /* in this reading */
};

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct changed_line *)a)->id,
	    ((const struct changed_line *)b)->id);
}

static enum err
grow(struct changed_lines *lines)
{
	size_t room = lines->room == 0 ? FIRST_ROOM : 2 * lines->room;
	struct changed_line *grown;

	if (lines->count < lines->room)
		return ERR_OK;
	grown = reallocarray(lines->now, room, sizeof(*grown));
	if (grown == NULL)
		return ERR_NOMEM;
	lines->now = grown;
	lines->room = room;
	return ERR_OK;
}

enum err
changed_lines_take(struct changed_lines *lines, const char *id,
    const char *line, bool *changed)
{
	uint8_t hash[CRYPTO_HASH_LEN];
	struct changed_line one = {.id = ""}, *before = NULL;
	enum err rc = grow(lines);

	if (rc != ERR_OK)
		return rc;
	(void)snprintf(
	    one.id, sizeof(one.id), "%.*s", CHANGED_LINES_ID_MAX, id);
	crypto_plain_hash(hash, line, strlen(line));
	memcpy(one.hash, hash, HASH_LEN);
	if (lines->before_count > 0)
		before = bsearch(&one, lines->before, lines->before_count,
		    sizeof(one), compare);
	*changed = before == NULL ||
	    memcmp(before->hash, one.hash, HASH_LEN) != 0;
	if (before != NULL)
		before->is_there = true;
	lines->now[lines->count++] = one;
	return ERR_OK;
}

void
changed_lines_end(
    struct changed_lines *lines, changed_lines_gone *gone, void *arg)
{
	for (size_t i = 0; i < lines->before_count; i++) {
		if (!lines->before[i].is_there)
			gone(lines->before[i].id, arg);
	}
	free(lines->before);
	if (lines->count > 0)
		qsort(lines->now, lines->count, sizeof(*lines->now), compare);
	lines->before = lines->now;
	lines->before_count = lines->count;
	lines->now = NULL;
	lines->count = lines->room = 0;
}

void
changed_lines_drop(struct changed_lines *lines)
{
	for (size_t i = 0; i < lines->before_count; i++)
		lines->before[i].is_there = false;
	lines->count = 0;
}

void
changed_lines_free(struct changed_lines *lines)
{
	free(lines->before);
	free(lines->now);
	*lines = (struct changed_lines){.before = NULL};
}
