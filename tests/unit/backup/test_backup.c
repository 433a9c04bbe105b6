#include "backup/backup_head.h"
#include "backup/backup_reader.h"
#include "backup/backup_writer.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/images.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define MANY 1000 /* tokens; several parts */
#define SEALED_PART (BACKUP_PART_LEN + CRYPTO_STREAM_EXTRA)

static struct record records[MANY];
static struct logo logo, back;
static char path[SCRATCH_PATH];

static int
setup(void **state)
{
	if (scratch_setup_store(state) != 0)
		return -1;
	strcpy(path, scratch_path(*state, "backup"));
	for (size_t i = 0; i < MANY; i++)
		sample_record(&records[i], "alice", "laptop");
	sample_largest(&records[1]);
	/* not stored */
	records[1].created.reason[0] = '\0';
	records[1].approved.reason[0] = '\0';
	/* Of some tokens, among them the last that a test writes. */
	images_logo(&logo, LOGO_BYTES_MAX, 'x');
	logo_note(&records[1], &logo);
	logo_note(&records[2], &logo);
	return 0;
}

static enum err
write_backup(const struct scratch *scratch, const char *file, size_t count,
    uint64_t announced, bool force)
{
	struct backup_writer *writer = NULL;
	enum err rc = backup_writer_open(
	    &writer, &scratch->config, file, force, NOW, announced, &why);

	for (size_t i = 0; rc == ERR_OK && i < count; i++)
		rc = backup_writer_add(writer, &records[i],
		    records[i].logo != PICTURE_NONE ? &logo : NULL, &why);
	if (rc == ERR_OK)
		rc = backup_writer_finish(writer, &why);
	backup_writer_close(writer);
	return rc;
}

static void
make_backup(const struct scratch *scratch, size_t count)
{
	assert_ok(write_backup(scratch, path, count, count, false));
}

/* Reads it to the end; must return what was written. */
static enum err
read_backup(const struct scratch *scratch, size_t *count)
{
	struct backup_reader *reader = NULL;
	static struct record record;
	enum err rc = backup_reader_open(&reader, &scratch->config, path, &why);

	*count = 0;
	while (rc == ERR_OK) {
		rc = backup_reader_next(reader, &record, &back, &why);
		if (rc != ERR_OK)
			break;
		assert_true(*count < MANY);
		assert_true(sample_equal(&record, &records[*count]));
		if (record.logo != PICTURE_NONE)
			assert_memory_equal(back.bytes, logo.bytes, logo.len);
		++*count;
	}
	if (rc == ERR_NOT_FOUND) {
		assert_int_equal(backup_reader_time(reader), NOW);
		assert_int_equal(backup_reader_count(reader), *count);
		rc = ERR_OK;
	}
	backup_reader_close(reader);
	return rc;
}

static void
expect_whole(const struct scratch *scratch, size_t expected)
{
	size_t count;

	assert_ok(read_backup(scratch, &count));
	assert_int_equal(count, expected);
}

/* These bytes are refused as a backup. */
static void
expect_refused(const struct scratch *scratch, const void *bytes, size_t len,
    enum err expected)
{
	size_t count;

	scratch_write(path, bytes, len, 0600);
	assert_err(expected, read_backup(scratch, &count));
	assert_says(path);
}

/* How many files in the directory have a name with this prefix. */
static int
count_files(const struct scratch *scratch, const char *prefix)
{
	DIR *directory = opendir(scratch->directory);
	const struct dirent *entry;
	int count = 0;

	assert_non_null(directory);
	while ((entry = readdir(directory)) != NULL)
		count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
	(void)closedir(directory);
	return count;
}

static void
test_round_trips(void **state)
{
	static const size_t COUNTS[] = {0, 1, 2, MANY};
	struct stat st;

	for (size_t i = 0; i < COUNT_OF(COUNTS); i++) {
		make_backup(*state, COUNTS[i]);
		expect_whole(*state, COUNTS[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode, S_IFREG | 0600);
		assert_int_equal(unlink(path), 0);
	}
}

static void
test_nothing_can_be_read_in_it(void **state)
{
	uint8_t *bytes;
	size_t len;

	make_backup(*state, MANY);
	bytes = scratch_read(path, &len);
	assert_null(memmem(bytes, len, "alice", 5));
	assert_null(memmem(bytes, len, records[0].id, TOKEN_ID_LEN));
	free(bytes);
}

static void
test_every_cut_is_refused(void **state)
{
	uint8_t *bytes;
	size_t len;

	make_backup(*state, 1);
	bytes = scratch_read(path, &len);
	for (size_t cut = 0; cut < len; cut++)
		expect_refused(*state, bytes, cut, ERR_DAMAGED);
	free(bytes);
	assert_int_equal(unlink(path), 0);
	make_backup(*state, MANY);
	bytes = scratch_read(path, &len);
	for (size_t cut = BACKUP_HEAD_LEN; cut < len; cut += SEALED_PART)
		expect_refused(*state, bytes, cut, ERR_DAMAGED);
	free(bytes);
}

static void
test_every_flipped_bit_is_refused(void **state)
{
	uint8_t *bytes;
	size_t len;

	make_backup(*state, 1);
	bytes = scratch_read(path, &len);
	for (size_t bit = 0; bit < len * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		expect_refused(*state, bytes, len, ERR_DAMAGED);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	free(bytes);
}

static void
test_flipped_bits_anywhere_are_refused(void **state)
{
	struct unit_random random;
	uint8_t *bytes;
	size_t len;

	unit_random_start(&random);
	make_backup(*state, MANY);
	bytes = scratch_read(path, &len);
	for (int i = 0; i < 100; i++) {
		size_t at = unit_random_below(&random, (uint32_t)len);
		uint8_t bit = (uint8_t)(1 << unit_random_below(&random, 8));

		bytes[at] ^= bit;
		expect_refused(*state, bytes, len, ERR_DAMAGED);
		bytes[at] ^= bit;
	}
	free(bytes);
}

static void
test_additions_are_refused(void **state)
{
	uint8_t *bytes, *longer;
	size_t len, last;

	make_backup(*state, MANY);
	bytes = scratch_read(path, &len);
	last = (len - BACKUP_HEAD_LEN) % SEALED_PART;
	longer = malloc(len + last);
	assert_non_null(longer);
	memcpy(longer, bytes, len);
	memcpy(longer + len, bytes + len - last, last);
	expect_refused(*state, longer, len + 1, ERR_DAMAGED);
	expect_refused(*state, longer, len + last, ERR_DAMAGED);
	free(longer);
	free(bytes);
}

static void
test_parts_stay_where_they_are(void **state)
{
	static uint8_t part[SEALED_PART];
	uint8_t *bytes, *others, *first, *second;
	size_t len, other_len;

	make_backup(*state, MANY);
	bytes = scratch_read(path, &len);
	assert_int_equal(unlink(path), 0);
	make_backup(*state, MANY); /* the same, sealed again */
	others = scratch_read(path, &other_len);
	assert_int_equal(len, other_len);
	first = bytes + BACKUP_HEAD_LEN;
	second = first + SEALED_PART;
	assert_true(len > BACKUP_HEAD_LEN + 2 * SEALED_PART);
	memcpy(part, first, SEALED_PART);
	memcpy(first, second, SEALED_PART);
	memcpy(second, part, SEALED_PART);
	expect_refused(*state, bytes, len, ERR_DAMAGED);
	memcpy(second, first, SEALED_PART);
	memcpy(first, part, SEALED_PART);
	/* as it was, except for one part of the other; then one left out */
	memcpy(second, others + (second - bytes), SEALED_PART);
	expect_refused(*state, bytes, len, ERR_DAMAGED);
	memmove(second, second + SEALED_PART,
	    len - (size_t)(second - bytes) - SEALED_PART);
	expect_refused(*state, bytes, len - SEALED_PART, ERR_DAMAGED);
	memcpy(others, bytes, BACKUP_HEAD_LEN);
	expect_refused(*state, others, len, ERR_DAMAGED);
	free(bytes);
	free(others);
}

static void
test_another_key_is_named(void **state)
{
	static const uint8_t KEY[CRYPTO_KEY_LEN] = {7};
	size_t count;

	make_backup(*state, 1);
	scratch_write(scratch_key(*state), KEY, sizeof(KEY), 0600);
	assert_err(ERR_KEY, read_backup(*state, &count));
	assert_says(path);
	assert_says(scratch_key(*state));
	assert_int_equal(unlink(scratch_key(*state)), 0);
	assert_err(ERR_MISSING, read_backup(*state, &count));
	assert_says(scratch_key(*state));
}

static void
test_a_newer_one_is_said_to_be(void **state)
{
	static const uint8_t NO_KEY[CRYPTO_KEY_LEN];
	uint8_t *bytes;
	size_t len;

	make_backup(*state, 1);
	bytes = scratch_read(path, &len);
	bytes[16] += 2; /* the version, and the checksum over it */
	crypto_digest(bytes + 80, NO_KEY, bytes, 80);
	expect_refused(*state, bytes, len, ERR_NEWER);
	bytes[16] -= 2;
	bytes[32]++; /* the checksum is right, but the parts are bound to the
			old head */
	crypto_digest(bytes + 80, NO_KEY, bytes, 80);
	expect_refused(*state, bytes, len, ERR_DAMAGED);
	free(bytes);
}

/* Of what is issued to a fleet: values of all sizes follow the tokens. */
static const struct sample_value {
	enum crypto_name kind;
	const char *name;
	size_t len;
} VALUES[] = {
    {CRYPTO_NAME_FLEET_OUTBOX, "", 700},
    {CRYPTO_NAME_FLEET_PUBLISHED, "0123456789", 1},
    {CRYPTO_NAME_FLEET_PUBLISHED, "1123456789", 0},
    {CRYPTO_NAME_FLEET_STEP,
	"a name that has all the bytes it may have, which are sixty-four.",
	3 * BACKUP_PART_LEN},
};

#define VALUE_COUNT (sizeof(VALUES) / sizeof(VALUES[0]))

static uint8_t
value_byte(size_t which, size_t at)
{
	return (uint8_t)(which * 31 + at % 251);
}

static void
write_values(struct scratch *scratch, size_t tokens)
{
	static uint8_t bytes[3 * BACKUP_PART_LEN];
	struct backup_writer *writer = NULL;

	scratch->config.is_for_fleet = true;
	assert_ok(backup_writer_open(
	    &writer, &scratch->config, path, true, NOW, tokens, &why));
	for (size_t i = 0; i < tokens; i++)
		assert_ok(backup_writer_add(writer, &records[3], NULL, &why));
	for (size_t i = 0; i < VALUE_COUNT; i++) {
		for (size_t at = 0; at < VALUES[i].len; at++)
			bytes[at] = value_byte(i, at);
		assert_ok(backup_writer_add_value(writer, VALUES[i].kind,
		    VALUES[i].name, bytes, VALUES[i].len, &why));
	}
	assert_err(ERR_INVALID,
	    backup_writer_add_value(writer, CRYPTO_NAME_FLEET_STEP, "1", bytes,
		BACKUP_VALUE_MAX + 1, &why));
	assert_ok(backup_writer_finish(writer, &why));
	backup_writer_close(writer);
}

/* Reads all of it, which is what was written as far as it is read. */
static enum err
read_values(const struct scratch *scratch)
{
	struct backup_reader *reader = NULL;
	static struct record record;
	struct backup_value value;
	enum err rc = backup_reader_open(&reader, &scratch->config, path, &why);

	while (rc == ERR_OK)
		rc = backup_reader_next(reader, &record, &back, &why);
	if (rc == ERR_NOT_FOUND) {
		assert_true(backup_reader_has_values(reader));
		rc = ERR_OK;
	}
	for (size_t i = 0; rc == ERR_OK; i++) {
		rc = backup_reader_next_value(reader, &value, &why);
		if (rc != ERR_OK) {
			assert_true(rc != ERR_NOT_FOUND || i == VALUE_COUNT);
			break;
		}
		assert_true(i < VALUE_COUNT);
		assert_int_equal(value.kind, VALUES[i].kind);
		assert_string_equal(value.name, VALUES[i].name);
		assert_int_equal(value.len, VALUES[i].len);
		for (size_t at = 0; at < value.len; at++)
			assert_int_equal(value.bytes[at], value_byte(i, at));
	}
	backup_reader_close(reader);
	return rc;
}

static void
test_values_follow_the_tokens(void **state)
{
	uint8_t *bytes;
	size_t len;

	write_values(*state, 0);
	assert_err(ERR_NOT_FOUND, read_values(*state));
	write_values(*state, 2);
	assert_err(ERR_NOT_FOUND, read_values(*state));
	bytes = scratch_read(path, &len);
	for (size_t cut = BACKUP_HEAD_LEN; cut < len; cut += SEALED_PART) {
		scratch_write(path, bytes, cut, 0600);
		assert_err(ERR_DAMAGED, read_values(*state));
	}
	scratch_write(path, bytes, len - 1, 0600);
	assert_err(ERR_DAMAGED, read_values(*state));
	for (size_t at = 0; at < len; at += at < BACKUP_HEAD_LEN ? 1 : 4999) {
		bytes[at] ^= 1;
		scratch_write(path, bytes, len, 0600);
		assert_err(ERR_DAMAGED, read_values(*state));
		bytes[at] ^= 1;
	}
	free(bytes);
}

static void
test_what_is_no_backup_is_said_to_be_none(void **state)
{
	size_t count;

	assert_err(ERR_MISSING, read_backup(*state, &count));
	assert_says(path);
	expect_refused(*state, "something else altogether", 25, ERR_DAMAGED);
	assert_says("not a backup");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_err(ERR_SYSTEM, read_backup(*state, &count));
	assert_says(path);
}

static void
test_only_force_replaces(void **state)
{
	make_backup(*state, 2);
	assert_err(ERR_EXISTS, write_backup(*state, path, 1, 1, false));
	assert_says("--force");
	expect_whole(*state, 2);
	assert_ok(write_backup(*state, path, 1, 1, true));
	expect_whole(*state, 1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/dev/full", path), 0);
	assert_err(ERR_EXISTS, write_backup(*state, path, 1, 1, true));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_err(ERR_EXISTS, write_backup(*state, path, 1, 1, true));
	assert_int_equal(count_files(*state, "backup"), 1);
}

static void
test_a_wrong_number_leaves_nothing(void **state)
{
	assert_err(ERR_DAMAGED, write_backup(*state, path, 2, 3, false));
	assert_err(ERR_DAMAGED, write_backup(*state, path, 3, 2, false));
	assert_int_equal(count_files(*state, "backup"), 0);
	assert_err(ERR_SYSTEM,
	    write_backup(*state, scratch_path(*state, "no/file"), 1, 1, false));
}

static int
write_with_little_room(void *arg)
{
	const struct rlimit limit = {100000, 100000};

	(void)signal(SIGXFSZ, SIG_IGN);
	CHILD_REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	CHILD_REQUIRE(write_backup(arg, path, MANY, MANY, true) == ERR_SYSTEM);
	return 0;
}

static void
test_a_full_disk_leaves_nothing(void **state)
{
	child_expect_success(child_start(write_with_little_room, *state));
	assert_int_equal(count_files(*state, "backup"), 0);
	make_backup(*state, 1);
	child_expect_success(child_start(write_with_little_room, *state));
	assert_int_equal(count_files(*state, "backup"), 1);
	expect_whole(*state, 1); /* the older one */
}

#define BACKUP_TEST(test)                                                      \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BACKUP_TEST(test_round_trips),
	    BACKUP_TEST(test_nothing_can_be_read_in_it),
	    BACKUP_TEST(test_every_cut_is_refused),
	    BACKUP_TEST(test_every_flipped_bit_is_refused),
	    BACKUP_TEST(test_flipped_bits_anywhere_are_refused),
	    BACKUP_TEST(test_additions_are_refused),
	    BACKUP_TEST(test_parts_stay_where_they_are),
	    BACKUP_TEST(test_another_key_is_named),
	    BACKUP_TEST(test_a_newer_one_is_said_to_be),
	    BACKUP_TEST(test_values_follow_the_tokens),
	    BACKUP_TEST(test_what_is_no_backup_is_said_to_be_none),
	    BACKUP_TEST(test_only_force_replaces),
	    BACKUP_TEST(test_a_wrong_number_leaves_nothing),
	    BACKUP_TEST(test_a_full_disk_leaves_nothing),
	};

	return unit_run(tests);
}
