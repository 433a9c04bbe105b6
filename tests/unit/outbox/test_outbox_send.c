/* The way of what is issued to an engine that answers, or lies, or does not. */
#include "outbox/outbox_send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "fleet/fleet_change.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/create.h"

/* What the engine does with the next put. */
enum mood {
	GOOD,
	LOSES,   /* it is not put, and that is not known */
	DELIVERS /* it is put, and that is not known */
};

static struct {
	enum mood mood;
	char head[FLEET_HEAD_MAX + 1]; /* "": none */
	unsigned puts, rewrites;
	void (*meanwhile)(void);       /* once, before the heads are read */
	uint8_t last[CRYPTO_HASH_LEN]; /* of what was sent last */
} there;

static enum err
read_heads(void *state, struct fleet_engine_heads *heads, int64_t deadline,
    struct error *reason)
{
	void (*meanwhile)(void) = there.meanwhile;

	(void)state;
	(void)deadline;
	(void)reason;
	there.meanwhile = NULL;
	if (meanwhile != NULL)
		meanwhile();
	*heads = (struct fleet_engine_heads){0};
	if (there.head[0] != '\0')
		fleet_engine_head_set(fleet_engine_heads_add(heads, "hub"),
		    there.head, strlen(there.head));
	return ERR_OK;
}

static enum err
take(const struct fleet_engine_put *put, struct error *reason)
{
	struct crypto_hashing hashing;
	enum mood mood = there.mood;

	crypto_hashing_start(&hashing);
	crypto_hashing_add(&hashing, put->head, strlen(put->head));
	for (size_t i = 0; i < put->count; i++) {
		crypto_hashing_add(&hashing, put->items[i].id, TOKEN_ID_LEN);
		crypto_hashing_add(
		    &hashing, put->items[i].bytes, put->items[i].len);
	}
	crypto_hashing_end(&hashing, there.last);
	if (strcmp(put->before != NULL ? put->before : "", there.head) != 0)
		return error_set(reason, ERR_EXISTS, "another head");
	there.mood = GOOD;
	if (mood != LOSES)
		strcpy(there.head, put->head);
	return mood == GOOD ? ERR_OK
			    : error_set(reason, ERR_SYSTEM, "no answer");
}

static enum err
put_if(void *state, const struct fleet_engine_put *put, int64_t deadline,
    struct error *reason)
{
	(void)state;
	(void)deadline;
	there.puts++;
	return take(put, reason);
}

static enum err
rewrite(void *state, const struct fleet_engine_put *put, int64_t deadline,
    struct error *reason)
{
	(void)state;
	(void)deadline;
	there.rewrites++;
	return take(put, reason);
}

static const struct fleet_engine ENGINE = {.name = "test",
    .most = 125,
    .read_heads = read_heads,
    .put_if = put_if,
    .rewrite = rewrite};
static const struct engine engine = {.calls = &ENGINE};
static struct fleet_key key;
static struct config issued;
static int64_t now;

static int
setup(void **state)
{
	struct scratch *scratch;
	bool created;

	if (scratch_setup_store(state) != 0)
		return -1;
	scratch = *state;
	fleet_host_start(scratch);
	scratch->config.fleet.valid_for = DAY;
	memset(&there, 0, sizeof(there));
	now = NOW;
	assert_ok(crypto_init(&why));
	assert_ok(fleet_key_create(
	    &key, scratch_path(scratch, "fleet.key"), "hub", &why));
	fleet_issued_config(&issued, &scratch->config);
	assert_ok(create_store(&issued, deadline_in(MINUTE), &created, &why));
	return 0;
}

/* Issues a token, or signs anew. */
static void
change(const struct scratch *scratch, const char *name)
{
	struct record record = {.state = RECORD_ACTIVE,
	    .user = "alice",
	    .uid = (uid_t)-1,
	    .services = "sshd",
	    .expires = NOW + 30 * DAY,
	    .created = {.at = NOW}};
	struct fleet_change *one;
	struct store *store;
	char text[TOKEN_LEN + 1];
	bool is_new;

	assert_ok(store_open(
	    &store, &issued, STORE_WRITE, deadline_in(MINUTE), &why));
	assert_ok(fleet_change_begin(
	    &one, store, &scratch->config, &key, now++, &why));
	if (name != NULL) {
		strcpy(record.name, name);
		assert_ok(store_draw_token(store, &record, text, &why));
		assert_ok(store_add(store, &record, &why));
	} else {
		fleet_change_renew(one);
	}
	assert_ok(fleet_change_end(one, &is_new, &why));
	assert_true(is_new);
	assert_ok(store_commit(store, &why));
	fleet_change_committed(one);
	fleet_change_free(one);
	store_close(store);
}

static enum err
send(const struct scratch *scratch)
{
	return outbox_send(
	    &scratch->config, &key, &engine, deadline_in(MINUTE), &why);
}

static struct fleet_outbox
read_outbox(void)
{
	struct fleet_outbox outbox;
	struct store *store;

	assert_ok(
	    store_open(&store, &issued, STORE_READ, deadline_in(MINUTE), &why));
	assert_ok(fleet_issued_get_outbox(store, &outbox, &why));
	store_close(store);
	return outbox;
}

/* Whether all is acknowledged, and the engine has it. */
static void
assert_done(void)
{
	struct fleet_outbox outbox = read_outbox();

	assert_int_equal(outbox.first, outbox.next);
	assert_string_equal(outbox.head, outbox.acknowledged);
	assert_string_equal(outbox.head, there.head);
}

static void
test_step_by_step(void **state)
{
	assert_ok(send(*state));
	assert_int_equal(there.puts, 0);
	change(*state, "one");
	change(*state, "two");
	change(*state, NULL);
	assert_ok(send(*state));
	assert_int_equal(there.puts, 3);
	assert_int_equal(there.rewrites, 0);
	assert_done();
	change(*state, "three");
	assert_ok(send(*state));
	assert_int_equal(there.puts, 4);
	assert_done();
}

/* Lost or not, what is sent again is what was sent. */
static void
check_again(void **state, enum mood mood)
{
	uint8_t sent[CRYPTO_HASH_LEN];
	unsigned puts;

	change(*state, "one");
	assert_ok(send(*state));
	change(*state, "two");
	there.mood = mood;
	assert_err(ERR_SYSTEM, send(*state));
	assert_int_equal(read_outbox().next - read_outbox().first, 1);
	memcpy(sent, there.last, sizeof(sent));
	puts = there.puts;
	now += 100;
	assert_ok(send(*state));
	assert_int_equal(there.puts, puts + 1);
	assert_memory_equal(there.last, sent, sizeof(sent));
	assert_int_equal(there.rewrites, 0);
	assert_done();
}

static void
test_lost(void **state)
{
	check_again(state, LOSES);
}

static void
test_delivered(void **state)
{
	check_again(state, DELIVERS);
}

/* It was restored from an old copy, or is empty: all of it is written anew. */
static void
test_forgets(void **state)
{
	char old[FLEET_HEAD_MAX + 1];

	change(*state, "one");
	assert_ok(send(*state));
	strcpy(old, there.head);
	change(*state, "two");
	assert_ok(send(*state));
	change(*state, "three");
	strcpy(there.head, old);
	assert_ok(send(*state));
	assert_int_equal(there.rewrites, 1);
	assert_done();
	there.head[0] = '\0';
	assert_ok(send(*state));
	assert_int_equal(there.rewrites, 2);
	assert_done();
}

/* Nothing is sent over what this machine does not know. */
static void
test_knows_more(void **state)
{
	struct fleet_head head;
	size_t used;

	change(*state, "one");
	assert_ok(send(*state));
	assert_ok(
	    fleet_head_read(&head, there.head, strlen(there.head), &used));
	head.seq += 5;
	assert_int_not_equal(fleet_head_sign(&head, key.secret, there.head), 0);
	assert_err(ERR_REFUSED, send(*state));
	assert_says("fleet adopt");
	head.seq -= 5;
	key.secret[0] ^= 1;
	assert_int_not_equal(fleet_head_sign(&head, key.secret, there.head), 0);
	key.secret[0] ^= 1;
	assert_err(ERR_REFUSED, send(*state));
	assert_says("another machine");
	assert_int_equal(there.rewrites, 0);
}

/* The database of what is issued; free it. */
static uint8_t *
copy_database(const struct scratch *scratch, size_t *len)
{
	return scratch_read(
	    scratch_path(scratch, "lib/issued/tokens.tdb"), len);
}

static void
put_back(const struct scratch *scratch, uint8_t *copy, size_t len)
{
	scratch_write(
	    scratch_path(scratch, "lib/issued/tokens.tdb"), copy, len, 0600);
	free(copy);
}

/*
 * The store is put back from a copy, and goes on: its steps are never counted
 * past those that the engine has, which are of another history.
 */
static void
test_put_back(void **state)
{
	uint8_t *copy;
	size_t len;

	change(*state, "one");
	assert_ok(send(*state));
	copy = copy_database(*state, &len);
	change(*state, "two");
	change(*state, "three");
	assert_ok(send(*state));
	put_back(*state, copy, len);
	assert_err(ERR_REFUSED, send(*state));
	for (unsigned i = 0; i < 4; i++) {
		change(*state, "other");
		assert_err(ERR_REFUSED, send(*state));
		assert_says("fleet adopt");
	}
	assert_int_equal(there.rewrites, 0);
}

/* Two histories of one length: what was acknowledged last is one of them only.
 */
static void
test_two_histories(void **state)
{
	char first[FLEET_HEAD_MAX + 1], other[FLEET_HEAD_MAX + 1];
	uint8_t *before, *after;
	size_t before_len, after_len;

	change(*state, "one");
	assert_ok(send(*state));
	strcpy(first, there.head);
	before = copy_database(*state, &before_len);
	change(*state, "two");
	assert_ok(send(*state));
	after = copy_database(*state, &after_len);
	put_back(*state, before, before_len);
	strcpy(there.head, first);
	change(*state, "other");
	assert_ok(send(*state));
	strcpy(other, there.head);
	put_back(*state, after, after_len);
	change(*state, "three");
	assert_err(ERR_REFUSED, send(*state));
	assert_string_equal(there.head, other);
}

/* Only valid_until was renewed since: nothing is lost. */
static void
test_put_back_renewed(void **state)
{
	uint8_t *copy;
	size_t len;

	change(*state, "one");
	assert_ok(send(*state));
	copy = copy_database(*state, &len);
	change(*state, NULL);
	assert_ok(send(*state));
	put_back(*state, copy, len);
	assert_err(ERR_REFUSED, send(*state));
	now += 100;
	change(*state, NULL);
	assert_ok(send(*state));
	assert_done();
}

/* The clock was a year ahead: what is signed then is not from the future. */
static void
test_clock_set_back(void **state)
{
	struct fleet_head ahead, head;
	size_t used;

	now += 365 * DAY;
	change(*state, "one");
	change(*state, NULL);
	assert_ok(send(*state));
	assert_ok(
	    fleet_head_read(&ahead, there.head, strlen(there.head), &used));
	now = NOW;
	change(*state, NULL);
	assert_ok(send(*state));
	assert_done();
	assert_ok(
	    fleet_head_read(&head, there.head, strlen(there.head), &used));
	assert_int_equal(head.time, NOW);
	assert_int_equal(head.valid_until, NOW + DAY);
	assert_true(fleet_head_compare(&head, &ahead) > 0);
	assert_memory_equal(head.set, ahead.set, sizeof(head.set));
}

static const struct scratch *place;

static void
issue_and_send(void)
{
	change(place, "another");
	assert_ok(send(place));
}

/* Another process issues and sends between two looks of this one. */
static void
test_others_send(void **state)
{
	place = *state;
	change(*state, "one");
	assert_ok(send(*state));
	there.meanwhile = issue_and_send;
	assert_ok(send(*state));
	assert_null(there.meanwhile);
	assert_int_equal(there.rewrites, 0);
	assert_done();
}

/* Without an outbox, what is there is not known to be this machine's. */
static void
test_lost_outbox(void **state)
{
	struct fleet_outbox none = {.first = 1, .next = 1};
	char before[FLEET_HEAD_MAX + 1];
	struct store *store;

	change(*state, "one");
	assert_ok(send(*state));
	strcpy(before, there.head);
	assert_ok(store_open(
	    &store, &issued, STORE_WRITE, deadline_in(MINUTE), &why));
	assert_ok(fleet_issued_put_outbox(store, &none, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
	for (unsigned i = 0; i < 3; i++) {
		change(*state, "other");
		assert_err(ERR_REFUSED, send(*state));
		assert_string_equal(there.head, before);
	}
}

/* One that the database has lost is not signed away. */
static void
test_a_lost_record(void **state)
{
	struct fleet_item gone = {.bytes = NULL};
	struct fleet_engine_list list;
	struct fleet_change *one;
	struct store *store;
	bool is_new;

	change(*state, "one");
	change(*state, "two");
	assert_ok(store_open(
	    &store, &issued, STORE_WRITE, deadline_in(MINUTE), &why));
	assert_ok(fleet_issued_list(store, &list, &why));
	strcpy(gone.id, list.list.items[1].id);
	fleet_engine_list_free(&list);
	assert_ok(fleet_issued_put(store, &gone, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
	/* What the hashes are kept in would still have it signed. */
	assert_int_equal(unlink(scratch_path(*state, "lib/issued/hashes")), 0);
	assert_ok(store_open(
	    &store, &issued, STORE_WRITE, deadline_in(MINUTE), &why));
	assert_ok(fleet_change_begin(
	    &one, store, &((struct scratch *)*state)->config, &key, now, &why));
	fleet_change_renew(one);
	assert_err(ERR_DAMAGED, fleet_change_end(one, &is_new, &why));
	assert_says("AN ISSUER IS LOST");
	fleet_change_free(one);
	store_close(store);
}

#define SEND_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SEND_TEST(test_step_by_step),
	    SEND_TEST(test_lost),
	    SEND_TEST(test_delivered),
	    SEND_TEST(test_forgets),
	    SEND_TEST(test_knows_more),
	    SEND_TEST(test_put_back),
	    SEND_TEST(test_two_histories),
	    SEND_TEST(test_put_back_renewed),
	    SEND_TEST(test_others_send),
	    SEND_TEST(test_clock_set_back),
	    SEND_TEST(test_lost_outbox),
	    SEND_TEST(test_a_lost_record),
	};

	return unit_run(tests);
}
