/*
 * Another machine that issues tokens, and what brings them here:
 *
 *	issuer token			a new token's text
 *	issuer trust NAME		the file by which NAME is believed here
 *	issuer publish NAME SEQ WHAT...	signs all of it, and applies it here
 *	issuer beat AGE NAME:SEQ...	the heartbeat, AGE seconds old
 *
 * With `--config FILE` before that, of another configuration than the system's.
 * WHAT is `active:USER:TEXT`, `revoked:USER:TEXT` or `revoke:ID`; `many:COUNT`
 * are so many tokens of nobody.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "base/hex.h"
#include "fleet/fleet_apply.h"
#include "fleet/fleet_fresh.h"
#include "fleet/fleet_set.h"
#include "fleet/fleet_lookup.h"
#include "session/rundir.h"

#define MOST 1000000
#define YEAR (365 * 24 * 60 * 60)
#define MINUTE 60000 /* milliseconds */
#define SECOND INT64_C(1000000000)

static struct config config;
static struct error why;
static uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN];

static void
fail(const char *what)
{
	(void)fprintf(stderr, "issuer: %s: %s\n", what, why.text);
	exit(1);
}

static void
must(enum err rc, const char *what)
{
	if (rc != ERR_OK)
		fail(what);
}

/* Its key follows from its name. */
static struct fleet_trust
trust_of(const char *name)
{
	struct fleet_trust trust = {
	    .may_issue = true, .may_revoke = true, .not_after = TIME_NEVER};

	crypto_plain_hash(secret, name, strlen(name));
	crypto_signature_key(trust.key, secret);
	(void)snprintf(trust.issuer, sizeof(trust.issuer), "%s", name);
	return trust;
}

static int
print_trust(const char *name)
{
	struct fleet_trust trust = trust_of(name);
	char key[2 * CRYPTO_SIGNATURE_KEY_LEN + 1];

	hex_put(key, trust.key, sizeof(trust.key));
	(void)printf("[issuer]\nkey = %s\nmay = issue,revoke\nusers = any\n"
		     "services = any\nnot_after = never\n",
	    key);
	return 0;
}

static int
print_token(void)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];

	must(token_make(text, id), "token");
	(void)puts(text);
	return 0;
}

static void
add(struct fleet_list *list, const char *id, const struct fleet_record *record)
{
	struct fleet_item *item = &list->items[list->count];
	uint8_t bytes[FLEET_RECORD_MAX], *kept;

	must(fleet_record_encode(record, bytes, &item->len), "record");
	kept = malloc(item->len);
	if (kept == NULL || list->count == MOST)
		fail("too many");
	memcpy(kept, bytes, item->len);
	item->bytes = kept;
	(void)snprintf(item->id, sizeof(item->id), "%s", id);
	list->count++;
}

static void
add_token(struct fleet_list *list, const char *state, const char *user,
    const char *text)
{
	struct fleet_record record = {.kind = FLEET_TOKEN};
	char id[TOKEN_ID_LEN + 1];

	(void)token_parse(text, id);
	crypto_plain_hash(record.token.digest, text, strlen(text));
	record.token.state = strcmp(state, "active") == 0 ? RECORD_ACTIVE
							  : RECORD_REVOKED;
	(void)snprintf(
	    record.token.user, sizeof(record.token.user), "%s", user);
	strcpy(record.token.name, "deploy");
	strcpy(record.token.services, "any");
	strcpy(record.token.scopes, "read,write");
	record.token.created.at = time(NULL) - 1;
	record.token.expires = time(NULL) + YEAR;
	if (record.token.state == RECORD_REVOKED)
		record.token.ended.at = time(NULL);
	add(list, id, &record);
}

static void
add_revoke(struct fleet_list *list, const char *id)
{
	struct fleet_record record = {.kind = FLEET_REVOKE};

	record.token.expires = time(NULL) + YEAR;
	record.token.ended.at = time(NULL);
	add(list, id, &record);
}

static void
add_many(struct fleet_list *list, unsigned long count)
{
	char text[2 * TOKEN_LEN];

	for (unsigned long i = 0; i < count; i++) {
		(void)snprintf(text, sizeof(text), "atk_%010lu_%049lu", i, i);
		add_token(list, "active", "nobody-at-all", text);
	}
}

static void
add_what(struct fleet_list *list, char *what)
{
	char *state = strtok(what, ":"), *user = strtok(NULL, ":");
	char *text = strtok(NULL, ":");

	if (state != NULL && user != NULL && strcmp(state, "many") == 0)
		add_many(list, strtoul(user, NULL, 10));
	else if (text != NULL)
		add_token(list, state, user, text);
	else if (user != NULL)
		add_revoke(list, user);
	else
		fail("not understood");
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct fleet_item *)a)->id,
	    ((const struct fleet_item *)b)->id);
}

static void
sign(struct fleet_list *list, const char *name, uint64_t seq)
{
	struct fleet_head head = {.epoch = 1, .seq = seq, .count = list->count};
	char text[FLEET_HEAD_MAX + 1];
	struct fleet_set set;
	size_t used;

	(void)snprintf(head.issuer, sizeof(head.issuer), "%s", name);
	if (!hex_get(head.fleet, sizeof(head.fleet), config.fleet.id))
		fail("no [fleet] id");
	head.time = time(NULL);
	head.valid_until = head.time + YEAR;
	qsort(list->items, list->count, sizeof(*list->items), compare);
	fleet_set_start(&set, list->count);
	for (size_t i = 0; i < list->count; i++) {
		uint8_t hash[CRYPTO_HASH_LEN];

		fleet_record_hash(hash, list->items[i].id, list->items[i].bytes,
		    list->items[i].len);
		fleet_set_add(&set, list->items[i].id, hash);
	}
	fleet_set_end(&set, head.set);
	if (fleet_head_sign(&head, secret, text) == 0)
		fail("head");
	must(fleet_head_read(&list->head, text, strlen(text), &used), "head");
}

static double
seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int
publish(const char *name, const char *seq, char *const *what)
{
	struct fleet_trust trust = trust_of(name);
	struct fleet_list list = {.items = calloc(MOST, sizeof(*list.items))};
	struct fleet_applied applied;
	double begun;

	if (list.items == NULL)
		fail("memory");
	for (; *what != NULL; what++)
		add_what(&list, *what);
	sign(&list, name, strtoul(seq, NULL, 10));
	begun = seconds();
	must(fleet_apply(&applied, &config, &list, &trust, time(NULL),
		 deadline_in(MINUTE), &why),
	    "apply");
	(void)printf("written %zu, removed %zu, in %.3f s\n", applied.written,
	    applied.removed, seconds() - begun);
	return 0;
}

static int
beat(const char *age, char *const *issuers)
{
	struct fleet_heartbeat heartbeat = {0};
	struct fleet_moment moment;

	must(fleet_moment_now(&moment, time(NULL), &why), "moment");
	strcpy(heartbeat.boot, moment.boot);
	for (; *issuers != NULL; issuers++) {
		struct fleet_beat *one = &heartbeat.beats[heartbeat.count++];
		char *name = strtok(*issuers, ":");

		(void)snprintf(one->issuer, sizeof(one->issuer), "%s", name);
		one->epoch = 1;
		one->seq = strtoul(strtok(NULL, ":"), NULL, 10);
		one->seen = moment.boottime - strtol(age, NULL, 10) * SECOND;
	}
	must(fleet_heartbeat_write(RUNDIR, &heartbeat, &why), "heartbeat");
	return 0;
}

int
main(int argc, char **argv)
{
	const char *file = NULL, *verb;

	if (argc > 2 && strcmp(argv[1], "--config") == 0) {
		file = argv[2];
		argc -= 2;
		argv += 2;
	}
	verb = argc > 1 ? argv[1] : "";
	must(crypto_init(&why), "libsodium");
	if (strcmp(verb, "token") == 0)
		return print_token();
	if (argc > 2 && strcmp(verb, "trust") == 0)
		return print_trust(argv[2]);
	must(config_read(&config, file, &why), "config");
	if (argc > 3 && strcmp(verb, "publish") == 0)
		return publish(argv[2], argv[3], argv + 4);
	if (argc > 2 && strcmp(verb, "beat") == 0)
		return beat(argv[2], argv + 3);
	fail("usage");
	return 1;
}
