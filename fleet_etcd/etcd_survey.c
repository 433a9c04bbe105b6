#include "fleet_etcd/etcd_survey.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/crypto.h"
#include "base/parse.h"
#include "fleet_etcd/etcd_certificate.h"

#define STATUS "/v3/maintenance/status"
#define RANGE "/v3/kv/range"
#define FACT_MAX 512 /* bytes of a text */
#define FIRST_KEY "\1"
#define BEHIND_ALL "\177"

struct survey {
	const struct etcd_store *store;
	int64_t deadline;
	etcd_taker *take;
	void *arg;
};

static enum err
tell(const struct survey *survey, const char *name, const char *text)
{
	char copy[FACT_MAX + 1];
	struct etcd_bytes value = {(uint8_t *)copy, 0};

	(void)snprintf(copy, sizeof(copy), "%s",
	    parse_is_printable(text, FACT_MAX) ? text : "?");
	value.len = strlen(copy);
	return survey->take(survey->arg, name, &value);
}

static enum err
tell_number(const struct survey *survey, const char *name, int64_t number)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%" PRId64, number);
	return tell(survey, name, text);
}

static enum err
tell_certificate(const struct survey *survey)
{
	const char *pem = survey->store->client.identity.certificate;
	struct etcd_certificate certificate;
	enum err rc;

	if (pem == NULL || !etcd_certificate_read(&certificate, pem))
		return ERR_OK;
	rc = tell_number(survey, "certificate-ends", certificate.ends);
	if (rc == ERR_OK && certificate.has_name)
		rc = tell(survey, "certificate-name", certificate.name);
	return rc;
}

/*
 * A client of that endpoint alone: its log-in is its own. With no certificate
 * it has a connection of its own, to be freed.
 */
static void
make_client(struct etcd_client *one, const struct etcd_client *all,
    size_t number, bool has_certificate)
{
	*one = *all;
	one->endpoints[0] = all->endpoints[number];
	one->count = 1;
	one->current = 0;
	one->endpoints[0].token[0] = '\0';
	one->seen = (struct etcd_source){0};
	if (!has_certificate) {
		one->identity.certificate = one->identity.key = NULL;
		one->http = http_new(&one->identity);
	}
}

static enum err
ask(struct etcd_client *client, const struct survey *survey, const char *path,
    const char *body, json_t **answer, struct error *why)
{
	struct etcd_call call = {.path = path, .body = body};

	*answer = NULL;
	if (client->http == NULL || body == NULL)
		return error_plain(why, ERR_NOMEM);
	return etcd_client_call(client, &call, survey->deadline, answer, why);
}

static int64_t
milliseconds_now(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * How far its clock is before ours. It tells whole seconds, and at some moment
 * between the question and its answer: what is less than that is none.
 */
static enum err
tell_skew(const struct survey *survey, int64_t date, int64_t asked)
{
	int64_t earliest = date * 1000, latest = earliest + 999;
	int64_t answered = milliseconds_now();

	if (date < 0)
		return ERR_OK;
	if (latest < asked)
		return tell_number(survey, "skew", latest - asked);
	return tell_number(
	    survey, "skew", earliest > answered ? earliest - answered : 0);
}

/* What it says is wrong: no leader, an alarm. */
static enum err
tell_troubles(const struct survey *survey, const json_t *answer)
{
	const json_t *all = json_object_get(answer, "errors");
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < json_array_size(all) && i < 8;
	     i++) {
		const char *text = json_string_value(json_array_get(all, i));

		rc = tell(survey, "trouble", text == NULL ? "?" : text);
	}
	return rc;
}

/* Its version and clock; the first request logs in, the second is timed. */
static enum err
look_at_member(
    const struct survey *survey, struct etcd_client *one, bool *answers)
{
	struct error why = {""};
	json_t *answer = NULL;
	const char *version;
	int64_t asked;
	enum err rc;

	rc = ask(one, survey, STATUS, "{}", &answer, &why);
	json_decref(answer);
	asked = milliseconds_now();
	if (rc == ERR_OK)
		rc = ask(one, survey, STATUS, "{}", &answer, &why);
	/* One that refuses the log-in does answer. */
	*answers = rc == ERR_OK || rc == ERR_REFUSED;
	if (rc != ERR_OK)
		return tell(survey, "error", why.text);
	version = json_string_value(json_object_get(answer, "version"));
	rc = tell(survey, "version", version == NULL ? "?" : version);
	if (rc == ERR_OK)
		rc = tell_skew(survey, one->date, asked);
	if (rc == ERR_OK)
		rc = tell_troubles(survey, answer);
	json_decref(answer);
	return rc;
}

/* Anybody who reaches the port may raise alarms there, if he is answered. */
static enum err
look_as_anybody(const struct survey *survey, size_t number)
{
	struct etcd_client one;
	struct error why;
	json_t *answer = NULL;
	enum err rc;

	make_client(&one, &survey->store->client, number, false);
	one.identity.user = NULL;
	rc = ask(&one, survey, STATUS, "{}", &answer, &why);
	json_decref(answer);
	http_free(one.http);
	return rc == ERR_OK ? tell(survey, "open", "yes") : ERR_OK;
}

/* The first key from `from` on and before `end`, as whoever that client is. */
static enum err
find_key(struct etcd_client *client, const struct survey *survey,
    const char *from, const char *end, struct etcd_pairs *pairs)
{
	struct etcd_range range = {
	    .from = from, .end = end, .limit = 1, .has_no_values = true};
	char *body = etcd_json_range(&range);
	struct error why;
	json_t *answer = NULL;
	enum err rc = ask(client, survey, RANGE, body, &answer, &why);

	*pairs = (struct etcd_pairs){0};
	if (rc == ERR_OK && !etcd_json_pairs(answer, pairs))
		rc = ERR_INVALID;
	json_decref(answer);
	free(body);
	return rc;
}

static enum err
look_without_log_in(const struct survey *survey, size_t number)
{
	const char *key = survey->store->prefix;
	struct etcd_client one;
	struct etcd_pairs pairs;
	enum err rc;

	make_client(&one, &survey->store->client, number, true);
	one.identity.user = NULL;
	rc = find_key(&one, survey, key, BEHIND_ALL, &pairs);
	etcd_pairs_free(&pairs);
	return rc == ERR_OK ? tell(survey, "without-log-in", "yes") : ERR_OK;
}

/* Keys that are none of the fleet's: before its prefix, or behind it. */
static enum err
look_for_others(const struct survey *survey, struct etcd_client *one)
{
	char from[ETCD_KEY_MAX + 1], end[ETCD_KEY_MAX + 1];
	struct etcd_pairs pairs;
	enum err rc;

	(void)snprintf(from, sizeof(from), "%s/", survey->store->prefix);
	etcd_key_end(end, from);
	rc = find_key(one, survey, FIRST_KEY, from, &pairs);
	if (rc == ERR_OK && pairs.count == 0) {
		etcd_pairs_free(&pairs);
		rc = find_key(one, survey, end, BEHIND_ALL, &pairs);
	}
	rc = rc != ERR_OK || pairs.count == 0
	    ? ERR_OK
	    : tell(survey, "others", (const char *)pairs.each[0].key.bytes);
	etcd_pairs_free(&pairs);
	return rc;
}

static enum err
look_at_endpoint(const struct survey *survey, size_t number)
{
	struct etcd_client one; /* with a log-in of its own */
	bool answers = false;
	enum err rc = tell(
	    survey, "endpoint", survey->store->client.endpoints[number].url);

	make_client(&one, &survey->store->client, number, true);
	if (rc == ERR_OK)
		rc = look_at_member(survey, &one, &answers);
	if (rc == ERR_OK)
		rc = look_as_anybody(survey, number);
	if (rc == ERR_OK && answers)
		rc = look_without_log_in(survey, number);
	if (rc == ERR_OK && answers)
		rc = look_for_others(survey, &one);
	crypto_wipe(&one, sizeof(one));
	return rc;
}

enum err
etcd_survey(const struct etcd_store *store, int64_t deadline, etcd_taker *take,
    void *arg, struct error *why)
{
	struct survey survey = {store, deadline, take, arg};
	enum err rc = tell_certificate(&survey);

	for (size_t i = 0; rc == ERR_OK && i < store->client.count; i++)
		rc = look_at_endpoint(&survey, i);
	return rc == ERR_OK ? rc : error_plain(why, rc);
}
