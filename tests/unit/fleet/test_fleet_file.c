/* The engine that is a file: what is put, what is read, and what is neither. */
#include "fleet/fleet_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "fleet/fleet_verify.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define ID "0123456789"
#define OTHER "1123456789"

static struct issuer hub;
static void *engine;
static const struct scratch *scratch;

static int
setup(void **state)
{
	struct scratch *fresh;
	struct fleet_record record;

	if (scratch_setup_store(state) != 0)
		return -1;
	scratch = fresh = *state;
	fleet_host_start(fresh);
	strcpy(fresh->config.fleet.source, scratch_path(fresh, "source"));
	fresh->config.fleet.valid_for = DAY;
	assert_int_equal(mkdir(fresh->config.fleet.source, 0700), 0);
	issuer_start(&hub, "hub");
	fleet_sample(&record, "text");
	issuer_put(&hub, ID, &record);
	(void)issuer_sign(&hub);
	assert_ok(fleet_file.open(&engine, &fresh->config, 0, &why));
	return 0;
}

static int
teardown(void **state)
{
	fleet_file.close(engine);
	issuer_free(&hub);
	return scratch_teardown(state);
}

static int64_t
soon(void)
{
	return deadline_in(MINUTE);
}

static const char *
head_text(void)
{
	static char text[FLEET_HEAD_MAX + 1];

	assert_int_not_equal(fleet_head_sign(&hub.head, hub.secret, text), 0);
	return text;
}

/* Puts all that the issuer has, if this head is there. */
static enum err
put(const char *before)
{
	struct fleet_engine_put step = {.issuer = "hub",
	    .before = before,
	    .head = head_text(),
	    .items = hub.list.items,
	    .count = hub.list.count};

	return fleet_file.put_if(engine, &step, soon(), &why);
}

static enum err
list(struct fleet_engine_list *all)
{
	return fleet_file.list(engine, "hub", all, soon(), &why);
}

/* Whether exactly what the issuer has is there. */
static void
assert_is_there(void)
{
	struct fleet_engine_heads heads;
	struct fleet_engine_list all;

	assert_ok(fleet_file.read_heads(engine, &heads, soon(), &why));
	assert_int_equal(heads.count, 1);
	assert_string_equal(heads.each[0].issuer, "hub");
	assert_ok(heads.each[0].rc);
	assert_string_equal(heads.each[0].text, head_text());
	assert_true(fleet_head_equals(&heads.each[0].head, &hub.head));
	fleet_engine_heads_free(&heads);
	assert_ok(list(&all));
	assert_true(fleet_head_equals(&all.list.head, &hub.head));
	assert_int_equal(all.list.count, hub.list.count);
	for (size_t i = 0; i < hub.list.count; i++) {
		assert_string_equal(all.list.items[i].id, hub.list.items[i].id);
		assert_int_equal(all.list.items[i].len, hub.list.items[i].len);
		assert_memory_equal(all.list.items[i].bytes,
		    hub.list.items[i].bytes, hub.list.items[i].len);
	}
	fleet_engine_list_free(&all);
}

static void
test_nothing(void **state)
{
	struct fleet_engine_heads heads;
	struct fleet_engine_list all;

	(void)state;
	assert_ok(fleet_file.read_heads(engine, &heads, soon(), &why));
	assert_int_equal(heads.count, 0);
	fleet_engine_heads_free(&heads);
	assert_err(ERR_NOT_FOUND, list(&all));
	fleet_engine_list_free(&all);
}

static void
test_put(void **state)
{
	struct fleet_record record;
	char before[FLEET_HEAD_MAX + 1];

	(void)state;
	assert_ok(put(NULL));
	assert_is_there();
	assert_ok(put(NULL)); /* the same again: it is there */
	strcpy(before, head_text());
	fleet_sample(&record, "another");
	issuer_put(&hub, OTHER, &record);
	(void)issuer_sign(&hub);
	assert_err(ERR_EXISTS, put(NULL));
	assert_err(ERR_EXISTS, put(head_text()));
	assert_ok(put(before));
	assert_is_there();
	assert_ok(put(before));
	assert_is_there();
	(void)issuer_sign(&hub);
	assert_err(ERR_EXISTS, put(before));
}

/* Steps name what changes, and nothing else. */
static void
test_put_changes(void **state)
{
	struct fleet_item gone = {.id = ID};
	struct fleet_engine_put step = {.issuer = "hub", .items = &gone};
	struct fleet_record record;
	char before[FLEET_HEAD_MAX + 1];

	(void)state;
	fleet_sample(&record, "another");
	issuer_put(&hub, OTHER, &record);
	(void)issuer_sign(&hub);
	assert_ok(put(NULL));
	strcpy(before, head_text());
	issuer_drop(&hub, ID);
	(void)issuer_sign(&hub);
	step.before = before;
	step.head = head_text();
	step.count = 1;
	assert_ok(fleet_file.put_if(engine, &step, soon(), &why));
	assert_is_there();
	/* A head alone: it was renewed. */
	strcpy(before, head_text());
	hub.head.time++;
	issuer_sign_head(&hub);
	step.head = head_text();
	step.count = 0;
	assert_ok(fleet_file.put_if(engine, &step, soon(), &why));
	assert_is_there();
}

static const char *
file_path(void)
{
	return scratch_path(scratch, "source/hub.fleet");
}

static size_t largest; /* what was asked of one read */

ssize_t __real_retry_pread(int, void *, size_t, off_t);
ssize_t __wrap_retry_pread(int, void *, size_t, off_t);

ssize_t
__wrap_retry_pread(int fd, void *bytes, size_t len, off_t at)
{
	if (len > largest)
		largest = len;
	return __real_retry_pread(fd, bytes, len, at);
}

/* No more than its head speaks of is read of a file of 2 GB. */
static void
test_huge(void **state)
{
	struct fleet_engine_list all;

	(void)state;
	assert_ok(put(NULL));
	assert_int_equal(truncate(file_path(), INT32_MAX), 0);
	largest = 0;
	assert_err(ERR_INVALID, list(&all));
	fleet_engine_list_free(&all);
	assert_true(largest < 2 * FLEET_RECORD_MAX);
}

/* Every byte of it, and every length */
static void
test_changed_or_cut(void **state)
{
	struct fleet_engine_list all;
	uint8_t *bytes;
	size_t len;

	(void)state;
	assert_ok(put(NULL));
	bytes = scratch_read(file_path(), &len);
	for (size_t i = 0; i < len; i++) {
		struct fleet_expected expected = {
		    .trust = &hub.trust, .now = NOW};

		memcpy(expected.fleet, hub.head.fleet, FLEET_ID_LEN);
		bytes[i] ^= 1;
		scratch_write(file_path(), bytes, len, 0644);
		bytes[i] ^= 1;
		if (list(&all) == ERR_OK) {
			uint8_t hashes[1][CRYPTO_HASH_LEN];

			assert_int_equal(all.list.count, 1);
			assert_int_not_equal(
			    fleet_verify(&all.list, &expected, hashes, &why),
			    ERR_OK);
		}
		fleet_engine_list_free(&all);
		scratch_write(file_path(), bytes, i, 0644);
		assert_int_not_equal(list(&all), ERR_OK);
		assert_int_equal(
		    strncmp(why.text, file_path(), strlen(file_path())), 0);
		fleet_engine_list_free(&all);
	}
	free(bytes);
}

/* It is a copy: who has the truth writes it anew. */
static void
test_rewritten(void **state)
{
	struct fleet_engine_put whole = {.issuer = "hub"};

	(void)state;
	scratch_write(file_path(), "damaged", 7, 0644);
	assert_int_not_equal(put(NULL), ERR_OK);
	whole.head = head_text();
	whole.items = hub.list.items;
	whole.count = hub.list.count;
	assert_ok(fleet_file.rewrite(engine, &whole, soon(), &why));
	assert_is_there();
	/* Not over what somebody else has put meanwhile. */
	assert_err(
	    ERR_EXISTS, fleet_file.rewrite(engine, &whole, soon(), &why));
}

static const struct fleet_engine_head *
read_one(struct fleet_engine_heads *heads)
{
	assert_ok(fleet_file.read_heads(engine, heads, soon(), &why));
	assert_int_equal(heads->count, 1);
	return &heads->each[0];
}

static void
test_refused(void **state)
{
	struct fleet_engine_heads heads = {0};
	struct fleet_engine_list all;
	void *other = NULL;

	(void)state;
	hub.head.valid_until = TIME_NEVER;
	issuer_sign_head(&hub);
	assert_ok(put(NULL));
	assert_int_equal(read_one(&heads)->rc, ERR_REFUSED);
	assert_non_null(strstr(heads.each[0].why.text, "valid_until is never"));
	fleet_engine_heads_free(&heads);
	assert_int_equal(unlink(file_path()), 0);
	assert_int_equal(mkfifo(file_path(), 0644), 0);
	assert_int_equal(read_one(&heads)->rc, ERR_UNSAFE);
	fleet_engine_heads_free(&heads);
	assert_err(ERR_UNSAFE, list(&all));
	fleet_engine_list_free(&all);
	((struct scratch *)(uintptr_t)scratch)->config.fleet.valid_for =
	    TIME_NEVER;
	assert_err(
	    ERR_CONFIG, fleet_file.open(&other, &scratch->config, 0, &why));
	fleet_file.close(other);
}

/* One damaged file hides no other; a file of another's name is nobody's. */
static void
test_each_by_itself(void **state)
{
	struct fleet_engine_heads heads;

	(void)state;
	assert_ok(put(NULL));
	scratch_write(
	    scratch_path(scratch, "source/bad.fleet"), "damaged", 7, 0644);
	scratch_write(
	    scratch_path(scratch, "source/readme"), "damaged", 7, 0644);
	assert_int_equal(
	    link(file_path(), scratch_path(scratch, "source/other.fleet")), 0);
	assert_ok(fleet_file.read_heads(engine, &heads, soon(), &why));
	assert_int_equal(heads.count, 3);
	assert_int_equal(fleet_engine_heads_find(&heads, "hub")->rc, ERR_OK);
	assert_int_equal(
	    fleet_engine_heads_find(&heads, "bad")->rc, ERR_INVALID);
	assert_int_equal(
	    fleet_engine_heads_find(&heads, "other")->rc, ERR_INVALID);
	fleet_engine_heads_free(&heads);
}

/* One file alone, wherever it lies: read, never written. */
static void
test_one_file(void **state)
{
	struct scratch *own = *state;
	struct fleet_engine_heads heads;

	assert_ok(put(NULL));
	fleet_file.close(engine);
	strcpy(own->config.fleet.source, file_path());
	assert_ok(fleet_file.open(&engine, &own->config, 0, &why));
	assert_string_equal(read_one(&heads)->issuer, "hub");
	fleet_engine_heads_free(&heads);
	assert_is_there();
	assert_err(ERR_CONFIG, put(head_text()));
}

#define FILE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FILE_TEST(test_nothing),
	    FILE_TEST(test_put),
	    FILE_TEST(test_put_changes),
	    FILE_TEST(test_huge),
	    FILE_TEST(test_changed_or_cut),
	    FILE_TEST(test_rewritten),
	    FILE_TEST(test_refused),
	    FILE_TEST(test_each_by_itself),
	    FILE_TEST(test_one_file),
	};

	return unit_run(tests);
}
