#include "broken.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "store/key.h"
#include "tdb/db.h"
#include "token/index.h"
#include "unit.h"

#define PATIENCE 60000 /* ms */

/* db.h keeps a pointer to the path. */
static char path[SCRATCH_PATH];

void
broken_open(struct broken *broken, const struct scratch *scratch)
{
	strcpy(path, scratch_database(scratch));
	assert_ok(key_read(scratch->config.key, &broken->keys, &why));
	assert_ok(db_open(&broken->db, path, DB_WRITE, &why));
	assert_ok(db_begin(broken->db, &why));
}

void
broken_close(struct broken *broken)
{
	assert_ok(db_commit(broken->db, &why));
	db_close(broken->db);
}

static void
put(struct broken *broken, char kind, const char *name, const uint8_t *bytes,
    size_t len)
{
	char key[RECORD_USER_MAX + 2];

	(void)snprintf(key, sizeof(key), "%c%s", kind, name);
	assert_ok(db_put(broken->db, key, strlen(key), bytes, len, &why));
}

void
broken_put_record(struct broken *broken, const struct record *record)
{
	uint8_t bytes[RECORD_BYTES_MAX];
	size_t len;

	assert_ok(record_encode(record, broken->keys.record, bytes, &len));
	put(broken, CRYPTO_NAME_TOKEN, record->id, bytes, len);
}

void
broken_put_index(
    struct broken *broken, const char *user, const char *const *ids)
{
	struct index index = {0};
	uint8_t *bytes;
	size_t len;

	for (; *ids != NULL; ids++)
		assert_ok(index_add(&index, *ids));
	assert_ok(
	    index_encode(&index, user, broken->keys.record, &bytes, &len));
	put(broken, CRYPTO_NAME_USER, user, bytes, len);
	index_free(&index);
	free(bytes);
}

void
broken_put(struct broken *broken, const char *key, const char *value)
{
	assert_ok(db_put(broken->db, key, strlen(key), (const uint8_t *)value,
	    strlen(value), &why));
}

void
broken_delete(struct broken *broken, const char *key)
{
	assert_ok(db_delete(broken->db, key, strlen(key), &why));
}

size_t
broken_find(
    const struct scratch *scratch, size_t from, const void *bytes, size_t len)
{
	size_t size, at = 0;
	uint8_t *all = scratch_read(scratch_database(scratch), &size);
	const uint8_t *found = from < size
	    ? memmem(all + from, size - from, bytes, len)
	    : NULL;

	if (found != NULL)
		at = (size_t)(found - all);
	free(all);
	return at;
}

void
broken_overwrite(
    const struct scratch *scratch, size_t at, const void *bytes, size_t len)
{
	int fd = open(scratch_database(scratch), O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, len, (off_t)at), len);
	assert_int_equal(close(fd), 0);
}

enum err
broken_check(const struct scratch *scratch, struct check_report *report)
{
	return check_store(
	    report, &scratch->config, deadline_in(PATIENCE), &why);
}

enum err
broken_repair(const struct scratch *scratch, struct repair_report *report)
{
	return repair_store(report, &scratch->config, "tester", NOW + DAY,
	    deadline_in(PATIENCE), &why);
}

void
broken_expect(const struct scratch *scratch, uint64_t count, const char *text,
    const char *file, int line)
{
	struct check_report report;
	bool said = text == NULL;

	assert_ok(broken_check(scratch, &report));
	for (size_t i = 0; i < report.findings.kept && !said; i++)
		said = strstr(report.findings.lines[i], text) != NULL;
	if (!said || report.findings.count != count) {
		print_error(
		    "%llu findings instead of %llu, or none says `%s`:\n",
		    (unsigned long long)report.findings.count,
		    (unsigned long long)count, text != NULL ? text : "");
		for (size_t i = 0; i < report.findings.kept; i++)
			print_error("  %s\n", report.findings.lines[i]);
		_fail(file, line);
	}
	check_report_free(&report);
}
