#include "fleet_https/https_fetch.h"

#include <string.h>

#include "base/deadline.h"

#define KEEP 60000 /* milliseconds */

struct https_fetch *
https_fetches_find(struct https_fetches *fetches, const char *issuer)
{
	struct https_fetch *free = NULL;

	for (size_t i = 0; i < fetches->count; i++) {
		if (strcmp(fetches->each[i].issuer, issuer) == 0)
			return &fetches->each[i];
		if (fetches->each[i].get == NULL)
			free = &fetches->each[i];
	}
	if (fetches->count < FLEET_ISSUERS_MAX)
		free = &fetches->each[fetches->count++];
	if (free == NULL)
		return NULL;
	*free = (struct https_fetch){""};
	strcpy(free->issuer, issuer);
	return free;
}

void
https_fetch_note(struct https_fetch *fetch, const uint8_t *bytes, size_t len)
{
	fetch->head_len = len < FLEET_HEAD_MAX ? len : FLEET_HEAD_MAX;
	if (fetch->head_len > 0)
		memcpy(fetch->head, bytes, fetch->head_len);
}

static void
drop(struct https_fetch *fetch)
{
	https_get_end(fetch->get);
	fetch->get = NULL;
	fetch->was_given = false;
	fetch->until = 0;
}

/* Whether what was given is still what the file begins with. */
static bool
is_same(const struct https_fetch *fetch)
{
	const uint8_t *bytes;
	struct error why;
	size_t len;

	return https_get_result(fetch->get, &bytes, &len, &why) == ERR_OK &&
	    len >= fetch->head_len && fetch->head_len > 0 &&
	    memcmp(bytes, fetch->head, fetch->head_len) == 0;
}

enum err
https_fetch_begin(struct https_fetch *fetch, struct https_gets *gets,
    const char *url, struct error *why)
{
	if (fetch->get != NULL && fetch->was_given && !is_same(fetch))
		drop(fetch);
	if (fetch->get == NULL)
		fetch->get = https_get_begin(gets, url, 0, 0);
	return fetch->get == NULL ? error_plain(why, ERR_NOMEM) : ERR_OK;
}

enum err
https_fetch_give(struct https_fetch *fetch, const uint8_t **bytes, size_t *len,
    struct error *why)
{
	bool is_over = https_get_is_over(fetch->get);
	enum err rc = https_get_result(fetch->get, bytes, len, why);

	if (is_over && rc != ERR_OK)
		drop(fetch);
	fetch->was_given = rc == ERR_OK;
	return rc;
}

bool
https_fetches_have_news(const struct https_fetches *fetches)
{
	for (size_t i = 0; i < fetches->count; i++) {
		const struct https_fetch *fetch = &fetches->each[i];

		if (fetch->get != NULL && !fetch->was_given &&
		    https_get_is_over(fetch->get))
			return true;
	}
	return false;
}

void
https_fetches_tidy(struct https_fetches *fetches, bool all)
{
	for (size_t i = 0; i < fetches->count; i++) {
		struct https_fetch *fetch = &fetches->each[i];

		if (fetch->get != NULL && fetch->until == 0 &&
		    https_get_is_over(fetch->get))
			fetch->until = deadline_in(KEEP);
		if (all ||
		    (fetch->until != 0 && deadline_in(0) >= fetch->until))
			drop(fetch);
	}
}
