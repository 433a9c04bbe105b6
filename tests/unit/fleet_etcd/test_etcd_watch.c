/* When a watch is opened and given up, by a clock that only waiting moves. */
#include "fleet_etcd/etcd_watch.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"

#define START INT64_C(1000) /* milliseconds */
#define MINUTES 60000
#define LIFE_LEAST 240000 /* without what is random */
#define LIFE_MOST 495000
#define TRIES 8

static int64_t clock_now; /* milliseconds */
static uint8_t random_now;

int64_t __wrap_deadline_in(int64_t milliseconds);
enum err __wrap_crypto_random(void *bytes, size_t len);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
struct http_stream *__wrap_etcd_client_stream(
    struct etcd_client *client, const char *path, const char *body);
void __wrap_http_stream_close(struct http_stream *stream);
bool __wrap_http_stream_wait(
    struct http_stream *stream, int descriptor, int milliseconds);
bool __wrap_http_stream_line(
    struct http_stream *stream, const char **line, size_t *len);

int64_t
__wrap_deadline_in(int64_t milliseconds)
{
	return (clock_now + milliseconds) * 1000000;
}

enum err
__wrap_crypto_random(void *bytes, size_t len)
{
	memset(bytes, random_now, len);
	return ERR_OK;
}

int
__wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	(void)fds;
	(void)count;
	clock_now += timeout;
	return 0;
}

/* The connection: what comes by it next, and whether it breaks then. */
struct http_stream {
	const char *line;
	bool is_broken;
};

static struct http_stream stream;
static bool is_open;
static size_t opened;         /* how often */
static int64_t at[TRIES];     /* when */
static char asked[TRIES][32]; /* the first revision that was asked for */

struct http_stream *
__wrap_etcd_client_stream(
    struct etcd_client *client, const char *path, const char *body)
{
	const char *since = strstr(body, "start_revision");

	(void)client;
	assert_string_equal(path, "/v3/watch");
	assert_false(is_open);
	assert_non_null(since);
	assert_in_range(opened, 0, TRIES - 1);
	at[opened] = clock_now;
	assert_int_equal(
	    sscanf(since, "start_revision\": \"%31[0-9]", asked[opened]), 1);
	opened++;
	is_open = true;
	return &stream;
}

void
__wrap_http_stream_close(struct http_stream *closed)
{
	if (closed != NULL)
		is_open = false;
}

bool
__wrap_http_stream_wait(
    struct http_stream *waiting, int descriptor, int milliseconds)
{
	(void)descriptor;
	if (waiting->line == NULL && !waiting->is_broken)
		clock_now += milliseconds;
	return !waiting->is_broken;
}

bool
__wrap_http_stream_line(
    struct http_stream *heard, const char **line, size_t *len)
{
	*line = heard->line;
	heard->line = NULL;
	*len = *line == NULL ? 0 : strlen(*line);
	return *line != NULL;
}

static struct etcd_store store;
static struct etcd_watch watch;

/* What is told is not this test's. */
static const struct etcd_teller nobody = {NULL, NULL, NULL};

static int
start(void **state)
{
	(void)state;
	clock_now = START;
	random_now = 0;
	stream = (struct http_stream){0};
	is_open = false;
	opened = 0;
	watch = (struct etcd_watch){0};
	store = (struct etcd_store){.prefix = "/apitoken/00", .newest = 5};
	store.client.seen.revision = 5;
	return 0;
}

static void
wait_for(int64_t milliseconds)
{
	assert_ok(etcd_watch_wait(
	    &watch, &store, -1, __wrap_deadline_in(milliseconds), &nobody));
}

/* It is told of a change of this revision, by which no key is meant. */
static void
hear(const char *line)
{
	stream.line = line;
	wait_for(MINUTES);
	assert_null(stream.line);
}

#define EVENT(revision)                                                        \
	"{\"result\":{\"events\":[{\"kv\":{\"mod_revision\":\"" revision       \
	"\"}}]}}"

static void
test_life(void **state)
{
	(void)state;
	wait_for(LIFE_LEAST - 1);
	assert_int_equal(opened, 1);
	assert_string_equal(asked[0], "6");
	hear(EVENT("8"));
	store.client.seen.revision = 8;
	wait_for(2);
	assert_int_equal(opened, 1);
	/* At once, and from what was heard on. */
	wait_for(1);
	assert_int_equal(opened, 2);
	assert_int_equal(at[1], START + LIFE_LEAST + 1);
	assert_string_equal(asked[1], "9");
}

static void
test_longest_life(void **state)
{
	(void)state;
	random_now = UINT8_MAX;
	wait_for(LIFE_MOST - 1);
	assert_int_equal(opened, 1);
	wait_for(1);
	wait_for(1);
	assert_int_equal(opened, 2);
}

static void
test_deaf(void **state)
{
	(void)state;
	wait_for(100);
	store.newest = 9;
	wait_for(1000);
	assert_true(is_open);
	/* A second is not too long. */
	wait_for(1);
	assert_true(is_open);
	wait_for(999);
	assert_int_equal(opened, 1);
	assert_false(is_open);
	wait_for(1);
	wait_for(1);
	assert_int_equal(opened, 2);
	assert_string_equal(asked[1], "6");
}

static void
test_not_deaf(void **state)
{
	(void)state;
	wait_for(100);
	store.newest = 9;
	wait_for(900);
	hear(EVENT("9"));
	wait_for(900);
	store.newest = 12;
	wait_for(900);
	hear(EVENT("12"));
	wait_for(900);
	assert_true(is_open);
	assert_int_equal(opened, 1);
}

/* That it is so long, but for what a poll rounds up. */
static void
assert_pause(int64_t since, int64_t until, int64_t milliseconds)
{
	assert_in_range(until - since, milliseconds, milliseconds + 10);
}

static void
fail_often(size_t count)
{
	stream.is_broken = true;
	while (opened < count)
		wait_for(MINUTES);
}

static void
test_pauses_grow(void **state)
{
	(void)state;
	fail_often(TRIES);
	for (size_t i = 1; i < TRIES; i++)
		assert_pause(at[i - 1], at[i], 1000 << (i < 6 ? i - 1 : 5));
}

static void
test_pauses_vary(void **state)
{
	(void)state;
	random_now = UINT8_MAX;
	fail_often(2);
	assert_pause(at[0], at[1], 1000 + 1000 * UINT8_MAX / 256);
}

static void
test_a_message_ends_the_pauses(void **state)
{
	int64_t heard;

	(void)state;
	fail_often(4);
	stream.is_broken = false;
	wait_for(MINUTES);
	assert_int_equal(opened, 5);
	hear(EVENT("7"));
	heard = clock_now;
	fail_often(6);
	assert_pause(heard, at[5], 1000);
}

/* What was to be heard is gone: on from the last answer. */
static void
test_compacted(void **state)
{
	(void)state;
	hear(EVENT("7"));
	store.client.seen.revision = store.newest = 20;
	hear("{\"result\":{\"compact_revision\":\"19\"}}");
	assert_false(is_open);
	wait_for(2000);
	assert_int_equal(opened, 2);
	assert_string_equal(asked[1], "21");
}

static void
test_restored(void **state)
{
	(void)state;
	hear(EVENT("7"));
	store.client.seen.revision = 4;
	fail_often(2);
	assert_string_equal(asked[1], "5");
}

static void
test_nothing_to_go_on_from(void **state)
{
	(void)state;
	store.client.seen.revision = 0;
	wait_for(MINUTES);
	assert_int_equal(opened, 0);
	assert_in_range(clock_now, START + MINUTES, START + MINUTES + 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_life, start),
	    cmocka_unit_test_setup(test_longest_life, start),
	    cmocka_unit_test_setup(test_deaf, start),
	    cmocka_unit_test_setup(test_not_deaf, start),
	    cmocka_unit_test_setup(test_pauses_grow, start),
	    cmocka_unit_test_setup(test_pauses_vary, start),
	    cmocka_unit_test_setup(test_a_message_ends_the_pauses, start),
	    cmocka_unit_test_setup(test_compacted, start),
	    cmocka_unit_test_setup(test_restored, start),
	    cmocka_unit_test_setup(test_nothing_to_go_on_from, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
