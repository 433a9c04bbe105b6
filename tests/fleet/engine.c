/*
 * An issuer and a host of a fleet, who use the engine of a configuration:
 *
 *	engine CONFIG [PROGRAM]
 *
 * PROGRAM is in place of fleet-etcd or fleet-https. Reads commands, a line
 *each, and answers each by a line, `ok ...` or `ERROR: why`; milliseconds come
 *first where there is a deadline:
 *
 *	issuer NAME		who speaks from now on
 *	say WHAT...		+ID a token, !ID it is revoked, -ID it goes
 *	many COUNT HOSTS	so many tokens, each for so many hosts
 *	largest COUNT		so many of the largest form; answers their bytes
 *	now			heads are of this hour from now on
 *	sign			the next head; answers its seq
 *	put MS FROM TO		the step TO, where the head FROM is (0: none)
 *	rewrite MS FROM TO
 *	heads MS		NAME:SEQ..., or NAME:ERROR
 *	list MS NAME		seq and count, if it is what its head says
 *	wait MS			answers also whether it was before the deadline,
 *				and what was told: ISSUER:SEQ, and the ids
 *	survey MS		NAME=TEXT;...
 *	pid			of the program that speaks for it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "fleet/fleet_etcd.h"
#include "fleet/fleet_etcd_impl.h"
#include "fleet/fleet_file.h"
#include "fleet/fleet_https.h"
#include "fleet/fleet_news.h"
#include "fleet/fleet_verify.h"
#include "lib/fleet.h"
#include "lib/unit.h"

#define STEPS_MAX 2048
#define ISSUERS_MAX 8
#define NO_WAKE (-1)
#define SURVEY_MAX 16384

/* Nothing that a user could set chooses the program. */
const char *__wrap_fleet_etcd_program(void);
static const char *program;

const char *
__wrap_fleet_etcd_program(void)
{
	return program;
}

const char *__wrap_fleet_https_program(void);

const char *
__wrap_fleet_https_program(void)
{
	return program;
}

/* A head that was signed, and what it changed. */
struct step {
	char head[FLEET_HEAD_MAX + 1];
	struct issuer_record *changes; /* len 0: it goes */
	size_t count;
};

struct speaker {
	struct issuer issuer;
	struct step steps[STEPS_MAX]; /* by seq; the last is not signed yet */
};

static struct speaker speakers[ISSUERS_MAX], *speaker;
static size_t speaker_count;
static const struct fleet_engine *engine;
static void *state;
static struct config config;

static void
answer(enum err rc, const char *text)
{
	if (rc == ERR_OK)
		(void)printf("ok%s%s\n", text[0] == '\0' ? "" : " ", text);
	else
		(void)printf("%s: %s\n", error_name(rc), why.text);
	(void)fflush(stdout);
}

static void
set_speaker(const char *name)
{
	for (size_t i = 0; i < speaker_count; i++) {
		if (strcmp(speakers[i].issuer.head.issuer, name) == 0) {
			speaker = &speakers[i];
			return;
		}
	}
	assert_true(speaker_count < ISSUERS_MAX);
	speaker = &speakers[speaker_count++];
	issuer_start(&speaker->issuer, name);
}

static struct issuer_record *
note_change(const char *id)
{
	struct step *step = &speaker->steps[speaker->issuer.head.seq + 1];
	struct issuer_record *change;

	step->changes = reallocarray(
	    step->changes, step->count + 1, sizeof(*step->changes));
	assert_non_null(step->changes);
	change = &step->changes[step->count++];
	memset(change, 0, sizeof(*change));
	strcpy(change->id, id);
	return change;
}

static size_t
say_record(const char *id, const struct fleet_record *record)
{
	struct issuer_record *change = note_change(id);

	assert_ok(fleet_record_encode(record, change->bytes, &change->len));
	issuer_put(&speaker->issuer, id, record);
	return change->len;
}

static void
say_token(const char *id, const char *hosts, bool is_revoked)
{
	struct fleet_record record;

	fleet_sample(&record, id);
	strcpy(record.hosts, hosts);
	if (is_revoked) {
		record.token.state = RECORD_REVOKED;
		record.token.ended.at = NOW;
	}
	(void)say_record(id, &record);
}

static void
say(char *words)
{
	for (char *word = strtok(words, " "); word != NULL;
	     word = strtok(NULL, " ")) {
		if (word[0] == '-') {
			(void)note_change(word + 1);
			issuer_drop(&speaker->issuer, word + 1);
		} else {
			say_token(word + 1, "", word[0] == '!');
		}
	}
	answer(ERR_OK, "");
}

static void
say_many(unsigned long count, unsigned long hosts)
{
	char id[32], list[FLEET_HOSTS_LEN] = "";

	for (unsigned long i = 0; i < hosts; i++)
		(void)sprintf(list + strlen(list), "%shost%lu.example",
		    i == 0 ? "" : ",", i);
	for (unsigned long i = 0; i < count; i++) {
		(void)sprintf(id, "%010lu", i);
		say_token(id, list, false);
	}
	answer(ERR_OK, "");
}

static void
say_largest(unsigned long count)
{
	struct fleet_record record;
	char text[32];
	size_t size = 0;

	for (unsigned long i = 0; i < count; i++) {
		(void)sprintf(text, "%010lu", i);
		fleet_sample_largest(&record, text);
		size += say_record(text, &record);
	}
	(void)sprintf(text, "%zu", size);
	answer(ERR_OK, text);
}

/* For hosts whose clock is right. */
static void
set_now(void)
{
	speaker->issuer.head.time = time(NULL);
	speaker->issuer.head.valid_until = time(NULL) + 3600;
	answer(ERR_OK, "");
}

static void
sign(void)
{
	struct issuer *issuer = &speaker->issuer;
	char seq[32];

	(void)issuer_sign(issuer);
	assert_true(issuer->head.seq + 1 < STEPS_MAX);
	(void)fleet_head_sign(&issuer->head, issuer->secret,
	    speaker->steps[issuer->head.seq].head);
	(void)snprintf(
	    seq, sizeof(seq), "%llu", (unsigned long long)issuer->head.seq);
	answer(ERR_OK, seq);
}

static const char *
head_of(unsigned long seq)
{
	return seq == 0 ? NULL : speaker->steps[seq].head;
}

static void
put(int64_t deadline, unsigned long from, unsigned long to)
{
	const struct step *step = &speaker->steps[to];
	struct fleet_item *items = calloc(step->count + 1, sizeof(*items));
	struct fleet_engine_put what = {speaker->issuer.head.issuer,
	    head_of(from), step->head, items, step->count};

	assert_non_null(items);
	for (size_t i = 0; i < step->count; i++) {
		const struct issuer_record *change = &step->changes[i];

		strcpy(items[i].id, change->id);
		items[i].len = change->len;
		items[i].bytes = change->len == 0 ? NULL : change->bytes;
	}
	answer(engine->put_if(state, &what, deadline, &why), "");
	free(items);
}

static void
rewrite(int64_t deadline, unsigned long from, unsigned long to)
{
	struct fleet_engine_put what = {speaker->issuer.head.issuer,
	    head_of(from), speaker->steps[to].head, speaker->issuer.list.items,
	    speaker->issuer.list.count};

	answer(engine->rewrite(state, &what, deadline, &why), "");
}

static void
read_heads(int64_t deadline)
{
	struct fleet_engine_heads heads = {0};
	char text[4096] = "";
	enum err rc = engine->read_heads(state, &heads, deadline, &why);

	for (size_t i = 0; rc == ERR_OK && i < heads.count; i++) {
		const struct fleet_engine_head *head = &heads.each[i];
		size_t len = strlen(text);

		if (head->rc == ERR_OK)
			(void)snprintf(text + len, sizeof(text) - len,
			    "%s%s:%llu", i == 0 ? "" : " ", head->issuer,
			    (unsigned long long)head->head.seq);
		else
			(void)snprintf(text + len, sizeof(text) - len,
			    "%s%s:%s", i == 0 ? "" : " ", head->issuer,
			    error_name(head->rc));
	}
	answer(rc, text);
	fleet_engine_heads_free(&heads);
}

/* Whether it would be applied. */
static enum err
verify(const struct fleet_list *list, const char *name)
{
	struct issuer issuer;
	struct fleet_expected expected = {.trust = &issuer.trust, .now = NOW};
	uint8_t(*hashes)[CRYPTO_HASH_LEN] = calloc(
	    list->count + 1, sizeof(*hashes));
	enum err rc;

	assert_non_null(hashes);
	issuer_start(&issuer, name);
	memcpy(expected.fleet, issuer.head.fleet, FLEET_ID_LEN);
	rc = fleet_verify(list, &expected, hashes, &why);
	free(hashes);
	issuer_free(&issuer);
	return rc;
}

static void
read_list(int64_t deadline, const char *name)
{
	struct fleet_engine_list found = {0};
	char text[64] = "";
	enum err rc = engine->list(state, name, &found, deadline, &why);

	if (rc == ERR_OK)
		rc = verify(&found.list, name);
	if (rc == ERR_OK)
		(void)snprintf(text, sizeof(text), "%llu %zu",
		    (unsigned long long)found.list.head.seq, found.list.count);
	answer(rc, text);
	fleet_engine_list_free(&found);
}

/* Adds ISSUER:SEQ, or - for no head, and the ids that were told. */
static void
say_told(char *text, const struct fleet_news_issuer *issuer)
{
	struct fleet_list changes = {0};
	char *at = text + strlen(text);

	if (issuer->head.rc != ERR_OK) {
		(void)snprintf(at, 100, " %s:-", issuer->issuer);
		return;
	}
	assert_ok(fleet_news_changes(&changes, issuer, &why));
	at += snprintf(at, 100, " %s:%llu", issuer->issuer,
	    (unsigned long long)changes.head.seq);
	for (size_t i = 0; i < changes.count && i < 32; i++)
		at += snprintf(at, 20, " %s%s",
		    changes.items[i].bytes == NULL ? "-" : "",
		    changes.items[i].id);
	fleet_list_free(&changes);
}

static void
wait_for_news(int64_t deadline)
{
	struct fleet_news news = {0};
	char text[4096];
	enum err rc = engine->wait(state, &news, NO_WAKE, deadline, &why);

	strcpy(text, deadline_in(100) < deadline ? "news" : "quiet");
	for (size_t i = 0; i < news.count; i++)
		say_told(text, &news.each[i]);
	answer(rc, text);
	fleet_news_free(&news);
}

static enum err
add_fact(void *arg, const char *name, const char *text)
{
	char *all = arg;
	size_t len = strlen(all);

	(void)snprintf(all + len, SURVEY_MAX - len, "%s%s=%s",
	    len == 0 ? "" : ";", name, text);
	return ERR_OK;
}

static void
survey(int64_t deadline)
{
	char text[SURVEY_MAX] = "";
	enum err rc = engine->survey(state, add_fact, text, deadline, &why);

	answer(rc, text);
}

static void
show_pid(void)
{
	const struct etcd_state *etcd = state;
	char text[32];

	(void)snprintf(text, sizeof(text), "%d", (int)etcd->helper.pid);
	answer(ERR_OK, text);
}

static void
obey(char *line)
{
	char word[16] = "", name[PARSE_HOST_MAX + 1] = "";
	unsigned long a, b, c;
	char *rest;
	int at = 0;

	line[strcspn(line, "\n")] = '\0';
	(void)sscanf(line, "%15s %n", word, &at);
	a = strtoul(line + at, &rest, 10);
	b = strtoul(rest, &rest, 10);
	c = strtoul(rest, &rest, 10);
	if (sscanf(line + at, "%*u %64s", name) != 1)
		(void)sscanf(line + at, "%64s", name);
	if (strcmp(word, "issuer") == 0) {
		set_speaker(name);
		answer(ERR_OK, "");
	} else if (strcmp(word, "say") == 0) {
		say(line + at);
	} else if (strcmp(word, "many") == 0) {
		say_many(a, b);
	} else if (strcmp(word, "largest") == 0) {
		say_largest(a);
	} else if (strcmp(word, "now") == 0) {
		set_now();
	} else if (strcmp(word, "sign") == 0) {
		sign();
	} else if (strcmp(word, "put") == 0) {
		put(deadline_in((int64_t)a), b, c);
	} else if (strcmp(word, "rewrite") == 0) {
		rewrite(deadline_in((int64_t)a), b, c);
	} else if (strcmp(word, "heads") == 0) {
		read_heads(deadline_in((int64_t)a));
	} else if (strcmp(word, "list") == 0) {
		read_list(deadline_in((int64_t)a), name);
	} else if (strcmp(word, "wait") == 0) {
		wait_for_news(deadline_in((int64_t)a));
	} else if (strcmp(word, "survey") == 0) {
		survey(deadline_in((int64_t)a));
	} else if (strcmp(word, "pid") == 0) {
		show_pid();
	} else {
		(void)puts("what?");
		(void)fflush(stdout);
	}
}

static void
choose_engine(void)
{
	engine = &fleet_etcd;
	if (strcmp(config.fleet.engine, "file") == 0)
		engine = fleet_https_is_url(config.fleet.source) ? &fleet_https
								 : &fleet_file;
}

int
main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;
	enum err rc;

	if (argc < 2)
		return 2;
	program = argc > 2 ? argv[2] : FLEET_ETCD;
	assert_ok(crypto_init(&why));
	rc = config_read(&config, argv[1], &why);
	choose_engine();
	if (rc == ERR_OK)
		rc = engine->open(&state, &config, deadline_in(5000), &why);
	answer(rc, "");
	while (rc == ERR_OK && getline(&line, &size, stdin) > 0)
		obey(line);
	engine->close(state);
	config_free(&config);
	free(line);
	return rc != ERR_OK;
}
