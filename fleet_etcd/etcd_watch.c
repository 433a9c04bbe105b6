#include "fleet_etcd/etcd_watch.h"

#include <poll.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "base/deadline.h"

#define SPAN_LEAST 240000 /* milliseconds of a watch's life, and a random */
#define SPAN_MORE 256     /* number of seconds at most more */
#define PAUSE_LEAST 1000  /* milliseconds until the next try, doubled */
#define PAUSE_DOUBLINGS 5 /* at most so often */
#define DEAF_AFTER 1000   /* milliseconds, when the heads tell more */
#define POLL_MOST 60000

static uint8_t
random_byte(void)
{
	uint8_t random = 0;

	return crypto_random(&random, sizeof(random)) == ERR_OK ? random : 0;
}

/* The time at which another may be opened grows with each that fails. */
static void
give_up(struct etcd_watch *watch)
{
	int64_t pause = PAUSE_LEAST << watch->failures;

	http_stream_close(watch->stream);
	watch->stream = NULL;
	watch->next = deadline_in(pause + pause * random_byte() / 256);
	if (watch->failures < PAUSE_DOUBLINGS)
		watch->failures++;
}

void
etcd_watch_close(struct etcd_watch *watch)
{
	http_stream_close(watch->stream);
	*watch = (struct etcd_watch){0};
}

/*
 * From what was heard on, or from the last answer, before which the heads were
 * read; a cluster that was restored has less than was heard.
 */
static void
open_watch(struct etcd_watch *watch, struct etcd_store *store)
{
	char from[ETCD_KEY_MAX + 1], end[ETCD_KEY_MAX + 1];
	int64_t seen = store->client.seen.revision;
	char *body;

	if (watch->heard == 0 || watch->heard > seen)
		watch->heard = seen;
	watch->behind = 0;
	etcd_key_all(from, store->prefix);
	etcd_key_end(end, from);
	body = etcd_json_watch(from, end, watch->heard + 1);
	if (body != NULL)
		watch->stream = etcd_client_stream(
		    &store->client, "/v3/watch", body);
	free(body);
	watch->end = deadline_in(SPAN_LEAST + 1000 * random_byte());
	if (watch->stream == NULL)
		give_up(watch);
}

static enum err
tell(const struct etcd_event *event, const char *prefix,
    const struct etcd_teller *teller)
{
	const struct etcd_bytes *key = &event->pair.key;
	const struct etcd_bytes *value = &event->pair.value;
	char issuer[PARSE_HOST_MAX + 1], id[TOKEN_ID_LEN + 1];

	if (!etcd_key_read(
		(const char *)key->bytes, key->len, prefix, issuer, id))
		return ERR_OK;
	if (id[0] != '\0')
		return teller->record(
		    teller->arg, issuer, id, event->is_gone ? NULL : value);
	/* Where a head went, there is nothing to apply. */
	return event->is_gone ? ERR_OK
			      : teller->head(teller->arg, issuer, value);
}

/* Takes a message. */
static enum err
take(struct etcd_watch *watch, const char *line, size_t len, const char *prefix,
    const struct etcd_teller *teller, bool *is_news)
{
	json_t *message = etcd_json_read(line, len);
	struct etcd_events events;
	bool goes_on = etcd_json_events(message, &events);
	enum err rc = ERR_OK;

	for (size_t i = 0; goes_on && rc == ERR_OK && i < events.count; i++)
		rc = tell(&events.each[i], prefix, teller);
	if (events.changed > watch->heard)
		watch->heard = events.changed;
	if (goes_on)
		watch->failures = 0;
	*is_news = *is_news || !goes_on || events.count > 0;
	etcd_events_free(&events);
	json_decref(message);
	if (!goes_on) {
		/* What is between is gone, or cannot be told. */
		watch->heard = 0;
		give_up(watch);
	}
	return rc;
}

/* Takes what has come. Sets *is_news if it is a reason to look. */
static enum err
hear(struct etcd_watch *watch, const char *prefix,
    const struct etcd_teller *teller, bool *is_news)
{
	const char *line;
	size_t len;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && watch->stream != NULL &&
	    http_stream_line(watch->stream, &line, &len))
		rc = take(watch, line, len, prefix, teller, is_news);
	return rc;
}

/* What the heads have told must be heard, too, or it is deaf. */
static void
compare(struct etcd_watch *watch, int64_t newest)
{
	int64_t now = deadline_in(0);

	if (watch->stream == NULL || watch->heard >= newest)
		watch->behind = 0;
	else if (watch->behind == 0)
		watch->behind = now;
	else if (now - watch->behind > DEAF_AFTER * INT64_C(1000000))
		give_up(watch);
}

static void
wait_without(int descriptor, int64_t deadline, int64_t until)
{
	struct pollfd fd = {.fd = descriptor, .events = POLLIN};

	if (until < deadline)
		deadline = until;
	(void)poll(&fd, 1, (int)etcd_client_left(deadline, POLL_MOST) + 1);
}

static bool
is_readable(int descriptor)
{
	struct pollfd fd = {.fd = descriptor, .events = POLLIN};

	return poll(&fd, 1, 0) > 0;
}

/* Opens one if it is time, and waits for what comes. False: it has ended. */
static bool
wait_once(struct etcd_watch *watch, struct etcd_store *store, int descriptor,
    int64_t deadline)
{
	int64_t now = deadline_in(0);

	if (watch->stream != NULL && now >= watch->end) {
		http_stream_close(watch->stream);
		watch->stream = NULL;
	}
	/* Where nothing has answered yet, there is nothing to go on from. */
	if (store->client.seen.revision == 0) {
		wait_without(descriptor, deadline, deadline);
		return true;
	}
	if (watch->stream == NULL && now >= watch->next)
		open_watch(watch, store);
	if (watch->stream == NULL) {
		wait_without(descriptor, deadline, watch->next);
		return true;
	}
	return http_stream_wait(watch->stream, descriptor,
	    (int)etcd_client_left(deadline, POLL_MOST));
}

enum err
etcd_watch_wait(struct etcd_watch *watch, struct etcd_store *store,
    int descriptor, int64_t deadline, const struct etcd_teller *teller)
{
	bool is_over = false;
	enum err rc = ERR_OK;

	compare(watch, store->newest);
	while (rc == ERR_OK && !is_over && etcd_client_left(deadline, 1) > 0) {
		bool goes_on = wait_once(watch, store, descriptor, deadline);

		/* What came before its end is not lost: a look. */
		is_over = !goes_on || is_readable(descriptor);
		rc = hear(watch, store->prefix, teller, &is_over);
		if (!goes_on && watch->stream != NULL)
			give_up(watch);
	}
	return rc;
}
