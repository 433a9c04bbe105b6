/*
 * Changes of which an engine has told without being asked, for each issuer, in
 * the order in which they came. They may be late, told twice, or not all there
 * are: with what is applied they are judged by fleet_verify_changes, and if
 * anything is missing, all is listed. Pure.
 */
#ifndef APITOKEN_FLEET_NEWS_H
#define APITOKEN_FLEET_NEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "fleet/fleet_engine.h"
#include "fleet/fleet_entry.h"

#define FLEET_NEWS_MAX 20000     /* records of an issuer, and */
#define FLEET_NEWS_BYTES 8388608 /* their bytes: more is to be listed */

struct fleet_news_issuer {
	char issuer[PARSE_HOST_MAX + 1];
	struct fleet_item *items; /* their bytes are owned */
	size_t count, bytes;
	struct fleet_engine_head head; /* that came last */
};

struct fleet_news {
	struct fleet_news_issuer *each;
	size_t count;
};

void fleet_news_free(struct fleet_news *news);

/*
 * Adds a record; bytes NULL: it went. If there is no room for it, all that is
 * known of the issuer is forgotten, as if it had not been told.
 */
void fleet_news_record(struct fleet_news *news, const char *issuer,
    const char id[TOKEN_ID_LEN + 1], const uint8_t *bytes, size_t len);

/* Adds the head that stands for what has come until now, in place of others. */
void fleet_news_head(
    struct fleet_news *news, const char *issuer, const char *text, size_t len);

/* What there is of an issuer; NULL: nothing, or no head yet. */
const struct fleet_news_issuer *fleet_news_find(
    const struct fleet_news *news, const char *issuer);

/*
 * Sets *changes to the head, and what has changed, each id once. Its bytes are
 * those of the news. Free it with fleet_list_free, even after an error.
 * ERR_NOMEM.
 */
enum err fleet_news_changes(struct fleet_list *changes,
    const struct fleet_news_issuer *issuer, struct error *why);

#endif
