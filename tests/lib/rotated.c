#include "rotated.h"

#include <string.h>

#include "base/deadline.h"
#include "unit.h"

struct rotated rotated;

struct record
rotated_get(const struct scratch *scratch, const char *id)
{
	struct record record;
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_ok(store_get(store, id, &record, &why));
	store_close(store);
	return record;
}

bool
rotated_exists(const struct scratch *scratch, const char *id)
{
	struct record record;
	struct store *store;
	enum err rc;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	rc = store_get(store, id, &record, &why);
	store_close(store);
	assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
	return rc == ERR_OK;
}

size_t
rotated_count(const struct scratch *scratch)
{
	struct index index;
	struct store *store;
	size_t found;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_ok(store_get_index(store, "alice", &index, &why));
	found = index.count;
	index_free(&index);
	store_close(store);
	return found;
}

enum err
rotated_commit(struct store *store, enum err rc)
{
	if (rc == ERR_OK)
		rc = store_commit(store, &why);
	store_close(store);
	return rc;
}

enum err
rotated_start(
    const struct scratch *scratch, const char *id, int64_t overlap, int64_t now)
{
	const struct rotation_times times = {
	    .overlap = overlap,
	    .longest = TIME_NEVER,
	    .renewed = ROTATED_RENEWED,
	};
	struct record_event event = {.at = now, .by = "carol"};
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	return rotated_commit(store,
	    rotation_start(&rotated.rotation, store, id, &times, &event,
		rotated.text, &why));
}

enum err
rotated_undo(const struct scratch *scratch)
{
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	return rotated_commit(
	    store, rotation_undo(&rotated.rotation, store, &why));
}

enum err
rotated_login(const struct scratch *scratch, const char *id, int64_t now)
{
	return rotation_finish(&scratch->config, id, now, deadline_in(0), &why);
}

void
rotated_put(const struct scratch *scratch, const struct record *record)
{
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(rotated_commit(store, store_put(store, record, &why)));
}

/* Adds a token of alice with every possible limit. */
struct record
rotated_add(const struct scratch *scratch, int64_t expires)
{
	struct record record;

	sample_record(&record, "alice", "laptop");
	strcpy(record.description, "for tests");
	strcpy(record.scopes, "read,deploy");
	assert_true(network_parse("192.0.2.0/24", &record.from[0]));
	record.from_count = 1;
	record.expires = expires;
	record.changed = (struct record_event){.at = NOW, .by = "dave"};
	record.approved = (struct record_event){.at = NOW, .by = "dave"};
	record.ended = (struct record_event){
	    .at = NOW, .by = "dave", .reason = "a mistake"};
	assert_ok(sample_add(scratch, &record));
	return record;
}

/* The two tokens of a rotation name each other. */
void
rotated_expect_pair(
    const struct scratch *scratch, const char *old, const char *new)
{
	assert_string_equal(rotated_get(scratch, old).successor, new);
	assert_string_equal(rotated_get(scratch, new).predecessor, old);
	assert_string_equal(rotated_get(scratch, new).successor, "");
}
