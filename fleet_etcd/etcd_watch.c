#include "fleet_etcd/etcd_watch.h"

#include <poll.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "store/lock.h"

#define SPAN_LEAST 240000 /* milliseconds of a watch's life, and a random */
#define SPAN_MORE 256     /* number of seconds at most more */
#define PAUSE_LEAST 1000  /* milliseconds until the next try, doubled */
#define PAUSE_DOUBLINGS 5 /* at most so often */
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
	watch->next = lock_deadline(pause + pause * random_byte() / 256);
	if (watch->failures < PAUSE_DOUBLINGS)
		watch->failures++;
}

void
etcd_watch_close(struct etcd_watch *watch)
{
	http_stream_close(watch->stream);
	*watch = (struct etcd_watch){0};
}

/* From what the heads have told on; without that there is nothing to hear. */
static void
open_watch(struct etcd_watch *watch, struct etcd_store *store)
{
	char from[ETCD_KEY_MAX + 1], end[ETCD_KEY_MAX + 1];
	int64_t since = store->client.seen.revision + 1;
	char *body;

	etcd_key_head(from, store->prefix, "");
	etcd_key_end(end, from);
	body = etcd_json_watch(from, end, since);
	if (body != NULL)
		watch->stream = etcd_client_stream(
		    &store->client, "/v3/watch", body);
	free(body);
	watch->heard = store->newest;
	watch->end = lock_deadline(SPAN_LEAST + 1000 * random_byte());
	if (watch->stream == NULL)
		give_up(watch);
}

/* Takes what has come. Whether it is a reason to look. */
static bool
hear(struct etcd_watch *watch)
{
	const char *line;
	bool is_news = false;
	size_t len;

	while (watch->stream != NULL &&
	    http_stream_line(watch->stream, &line, &len)) {
		json_t *message = etcd_json_read(line, len);
		struct etcd_event event;

		etcd_json_event(message, &event);
		json_decref(message);
		if (event.changed > watch->heard)
			watch->heard = event.changed;
		is_news = is_news || event.is_news || event.is_ended;
		if (event.is_ended)
			give_up(watch);
		else
			watch->failures = 0;
	}
	return is_news;
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

void
etcd_watch_wait(struct etcd_watch *watch, struct etcd_store *store,
    int descriptor, int64_t deadline)
{
	bool is_over = store->client.seen.revision == 0;

	while (!is_over && etcd_client_left(deadline, 1) > 0) {
		int64_t now = lock_deadline(0);

		if (watch->stream != NULL && now >= watch->end) {
			http_stream_close(watch->stream);
			watch->stream = NULL;
		}
		if (watch->stream == NULL && now >= watch->next)
			open_watch(watch, store);
		if (watch->stream == NULL) {
			wait_without(descriptor, deadline, watch->next);
		} else if (!http_stream_wait(watch->stream, descriptor,
			       (int)etcd_client_left(deadline, POLL_MOST))) {
			/* What came before its end is not lost: a look. */
			is_over = true;
			(void)hear(watch);
			if (watch->stream != NULL)
				give_up(watch);
		}
		is_over = is_over || hear(watch) || is_readable(descriptor);
	}
}

void
etcd_watch_compare(struct etcd_watch *watch, const struct etcd_store *store)
{
	if (watch->stream == NULL)
		return;
	if (!http_stream_wait(watch->stream, -1, 0)) {
		give_up(watch);
		return;
	}
	(void)hear(watch);
	if (watch->stream != NULL && watch->heard < store->newest)
		give_up(watch);
}
