/*
 * Random bits of a database flipped: check reports everything that a login
 * would notice; repair recovers what is intact; and what was not active never
 * becomes so. UNIT_IMAGES makes it longer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/broken.h"
#include "lib/unit.h"
#include "tdb/db.h"

#define USERS 12
#define TOKENS 60
#define IMAGES 300
#define LISTS_END (168 + 4 * (DB_BUCKETS + 1))

/* What the undamaged store holds. */
struct truth {
	const struct scratch *scratch;
	struct record tokens[TOKENS];
	bool deleted[TOKENS];
	bool whole[TOKENS]; /* in an image: it reads correctly */
	uint8_t *image;
	size_t size;
	struct unit_random random;
};

static enum err
add_all(struct truth *truth, struct store *store)
{
	enum err rc = ERR_OK;

	for (int i = 0; rc == ERR_OK && i < TOKENS; i++) {
		char user[16], name[16];

		/* The last ones are the only tokens of their users. */
		(void)snprintf(user, sizeof(user), "user%d",
		    i < TOKENS - 4 ? i % USERS : i);
		(void)snprintf(name, sizeof(name), "name%d", i);
		sample_record(&truth->tokens[i], user, name);
		rc = store_add(store, &truth->tokens[i], &why);
	}
	return rc;
}

/* Every fourth one is revoked, or approved again, or deleted. */
static enum err
change(struct truth *truth, struct store *store, int i)
{
	struct record *record = &truth->tokens[i];

	record->ended.at = NOW + 1 + i;
	memset(record->ended.reason, 'x', RECORD_REASON_MAX);
	record->state = RECORD_REVOKED;
	if (i % 12 == 4) {
		record->state = RECORD_ACTIVE;
		record->approved.at = NOW + 100 + i;
	}
	truth->deleted[i] = i % 12 == 8;
	return truth->deleted[i] ? store_remove(store, record, &why)
				 : store_put(store, record, &why);
}

/* In several transactions, so that older versions are everywhere. */
static void
make_truth(struct truth *truth)
{
	struct store *store;

	assert_ok(scratch_open(truth->scratch, &store, STORE_WRITE));
	assert_ok(add_all(truth, store));
	assert_ok(store_commit(store, &why));
	store_close(store);
	for (int i = 0; i < TOKENS; i += 4) {
		assert_ok(scratch_open(truth->scratch, &store, STORE_WRITE));
		assert_ok(change(truth, store, i));
		assert_ok(store_commit(store, &why));
		store_close(store);
	}
	truth->image = scratch_read(
	    scratch_database(truth->scratch), &truth->size);
}

static bool
is_listed(struct store *store, const struct record *record)
{
	struct index index;
	bool listed = false;

	if (store_get_index(store, record->user, &index, &why) != ERR_OK)
		return false;
	for (size_t i = 0; i < index.count; i++)
		listed |= strcmp(index.ids[i], record->id) == 0;
	index_free(&index);
	return listed;
}

/* Reads everything as a login and a list would; false if anything is wrong. */
static bool
walk(struct truth *truth)
{
	struct store *store = NULL;
	bool all = true;

	memset(truth->whole, 0, sizeof(truth->whole));
	if (scratch_open(truth->scratch, &store, STORE_READ) != ERR_OK)
		return false;
	for (int i = 0; i < TOKENS; i++) {
		const struct record *record = &truth->tokens[i];
		struct record found;
		enum err rc = store_get(store, record->id, &found, &why);

		truth->whole[i] = truth->deleted[i]
		    ? rc == ERR_NOT_FOUND
		    : rc == ERR_OK && sample_equal(&found, record);
		all &= truth->whole[i] &&
		    (truth->deleted[i] || is_listed(store, record));
	}
	store_close(store);
	return all;
}

/* After a repair: see the top of this file. */
static void
expect_safe(struct truth *truth, const bool *was_whole)
{
	struct store *store;

	assert_ok(scratch_open(truth->scratch, &store, STORE_READ));
	for (int i = 0; i < TOKENS; i++) {
		const struct record *record = &truth->tokens[i];
		bool active = !truth->deleted[i] &&
		    record->state == RECORD_ACTIVE;
		struct record found;
		enum err rc = store_get(store, record->id, &found, &why);

		assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
		if (rc == ERR_OK)
			assert_true(is_listed(store, record));
		if (found.state == RECORD_ACTIVE)
			assert_true(active && sample_equal(&found, record));
		if (was_whole[i] && !truth->deleted[i])
			assert_true(
			    rc == ERR_OK && sample_equal(&found, record));
	}
	store_close(store);
}

static void
remove_kept(const struct repair_report *report)
{
	if (report->kept[0] != '\0')
		(void)unlink(report->kept);
}

/* Most flips are within the entries; some anywhere. */
static size_t
draw_place(struct truth *truth)
{
	uint32_t size = (uint32_t)truth->size, kind;
	const struct record *record;
	char key[16];
	size_t at = 0;

	kind = unit_random_below(&truth->random, 8);
	if (kind == 0)
		return unit_random_below(&truth->random, 168);
	if (kind == 1)
		return unit_random_below(&truth->random, LISTS_END);
	if (kind == 2)
		return LISTS_END +
		    unit_random_below(&truth->random, size - LISTS_END);
	record = &truth->tokens[unit_random_below(&truth->random, TOKENS)];
	(void)snprintf(key, sizeof(key), "%c%s", kind == 3 ? 'u' : 't',
	    kind == 3 ? record->user : record->id);
	for (uint32_t i = unit_random_below(&truth->random, 3) + 1; i > 0; i--)
		at = broken_find(truth->scratch, at + 1, key, strlen(key));
	return at == 0 ? LISTS_END
		       : at - 24 + unit_random_below(&truth->random, 300);
}

static void
flip(struct truth *truth)
{
	uint32_t flips = 1 + unit_random_below(&truth->random, 3);

	while (flips-- > 0) {
		size_t at = draw_place(truth);
		uint8_t byte;

		if (at >= truth->size)
			continue;
		byte = truth->image[at] ^
		    (uint8_t)(1U << unit_random_below(&truth->random, 8));
		broken_overwrite(truth->scratch, at, &byte, 1);
	}
}

static void
try_image(struct truth *truth)
{
	bool was_whole[TOKENS], all;
	struct check_report check;
	struct repair_report repair;
	enum err rc;

	flip(truth);
	all = walk(truth);
	memcpy(was_whole, truth->whole, sizeof(was_whole));
	assert_ok(broken_check(truth->scratch, &check));
	assert_true(all || check.findings.count > 0);
	check_report_free(&check);
	rc = broken_repair(truth->scratch, &repair);
	remove_kept(&repair);
	if (rc != ERR_OK)
		print_error("%s\n", why.text);
	assert_int_equal(rc, ERR_OK);
	repair_report_free(&repair);
	assert_found(truth->scratch, 0, NULL);
	expect_safe(truth, was_whole);
}

static void
test_flipped_bits(void **state)
{
	const char *given = getenv("UNIT_IMAGES");
	long images = given != NULL ? strtol(given, NULL, 10) : IMAGES;
	static struct truth truth;

	truth.scratch = *state;
	unit_random_start(&truth.random);
	make_truth(&truth);
	assert_true(walk(&truth));
	assert_found(truth.scratch, 0, NULL);
	for (long i = 0; i < images; i++) {
		scratch_write(scratch_database(truth.scratch), truth.image,
		    truth.size, 0600);
		try_image(&truth);
	}
	free(truth.image);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_flipped_bits, scratch_setup_store, scratch_teardown),
	};

	return unit_run(tests);
}
