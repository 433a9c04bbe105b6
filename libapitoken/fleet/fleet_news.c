#include "fleet/fleet_news.h"

#include <stdlib.h>
#include <string.h>

static void
forget(struct fleet_news_issuer *issuer)
{
	for (size_t i = 0; i < issuer->count; i++)
		free((void *)(uintptr_t)issuer->items[i].bytes);
	issuer->count = issuer->bytes = 0;
	issuer->head = (struct fleet_engine_head){.rc = ERR_NOT_FOUND};
}

void
fleet_news_free(struct fleet_news *news)
{
	for (size_t i = 0; i < news->count; i++) {
		forget(&news->each[i]);
		free(news->each[i].items);
	}
	free(news->each);
	*news = (struct fleet_news){0};
}

static struct fleet_news_issuer *
find(const struct fleet_news *news, const char *issuer)
{
	for (size_t i = 0; i < news->count; i++) {
		if (strcmp(news->each[i].issuer, issuer) == 0)
			return &news->each[i];
	}
	return NULL;
}

/* NULL: no memory, or more issuers than there can be. */
static struct fleet_news_issuer *
find_or_add(struct fleet_news *news, const char *issuer)
{
	struct fleet_news_issuer *one = find(news, issuer);

	if (one != NULL)
		return one;
	if (news->count == FLEET_ISSUERS_MAX || strlen(issuer) > PARSE_HOST_MAX)
		return NULL;
	one = reallocarray(news->each, news->count + 1, sizeof(*one));
	if (one == NULL)
		return NULL;
	news->each = one;
	one += news->count++;
	*one = (struct fleet_news_issuer){.head = {.rc = ERR_NOT_FOUND}};
	strcpy(one->issuer, issuer);
	return one;
}

static bool
add(struct fleet_news_issuer *issuer, const char *id, const uint8_t *bytes,
    size_t len)
{
	struct fleet_item *items = issuer->items;
	uint8_t *copy = NULL;

	if (issuer->count == FLEET_NEWS_MAX ||
	    len > FLEET_NEWS_BYTES - issuer->bytes)
		return false;
	/* Doubled at every power of two. */
	if ((issuer->count & (issuer->count - 1)) == 0) {
		items = reallocarray(
		    items, issuer->count * 2 + 1, sizeof(*items));
		if (items == NULL)
			return false;
		issuer->items = items;
	}
	if (bytes != NULL) {
		copy = malloc(len + 1);
		if (copy == NULL)
			return false;
		memcpy(copy, bytes, len);
	}
	items += issuer->count++;
	*items = (struct fleet_item){.bytes = copy, .len = copy ? len : 0};
	memcpy(items->id, id, TOKEN_ID_LEN);
	issuer->bytes += items->len;
	return true;
}

void
fleet_news_record(struct fleet_news *news, const char *issuer,
    const char id[TOKEN_ID_LEN + 1], const uint8_t *bytes, size_t len)
{
	struct fleet_news_issuer *one = find_or_add(news, issuer);

	if (one != NULL && !add(one, id, bytes, len))
		forget(one);
}

void
fleet_news_head(
    struct fleet_news *news, const char *issuer, const char *text, size_t len)
{
	struct fleet_news_issuer *one = find_or_add(news, issuer);

	if (one == NULL)
		return;
	one->head = (struct fleet_engine_head){.rc = ERR_OK};
	strcpy(one->head.issuer, issuer);
	fleet_engine_head_set(&one->head, text, len);
}

const struct fleet_news_issuer *
fleet_news_find(const struct fleet_news *news, const char *issuer)
{
	const struct fleet_news_issuer *one = find(news, issuer);

	return one == NULL || one->head.rc != ERR_OK ? NULL : one;
}

/* Of pointers into one array: by id, and the one that came later is behind. */
static int
compare(const void *a, const void *b)
{
	const struct fleet_item *one = *(const struct fleet_item *const *)a;
	const struct fleet_item *two = *(const struct fleet_item *const *)b;
	int order = strcmp(one->id, two->id);

	return order != 0 ? order : (one > two) - (one < two);
}

enum err
fleet_news_changes(struct fleet_list *changes,
    const struct fleet_news_issuer *issuer, struct error *why)
{
	size_t count = issuer->count;
	const struct fleet_item **order = calloc(
	    count + 1, sizeof(const struct fleet_item *));

	*changes = (struct fleet_list){.head = issuer->head.head};
	changes->items = calloc(count + 1, sizeof(*changes->items));
	if (order == NULL || changes->items == NULL) {
		free(order);
		return error_plain(why, ERR_NOMEM);
	}
	for (size_t i = 0; i < count; i++)
		order[i] = &issuer->items[i];
	qsort(order, count, sizeof(const struct fleet_item *), compare);
	for (size_t i = 0; i < count; i++) {
		if (i + 1 == count ||
		    strcmp(order[i]->id, order[i + 1]->id) != 0)
			changes->items[changes->count++] = *order[i];
	}
	free(order);
	return ERR_OK;
}
