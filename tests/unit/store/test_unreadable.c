/* A disk with one unreadable spot: what is there is not missing. */
#include "lib/disk.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#include <string.h>

#define MOST_READS 500 /* of a login; it makes about twenty */

/* Reads a user's index, and the token that it names. */
static enum err
read_token(const struct scratch *scratch, const struct record *token)
{
	struct store *store = NULL;
	struct index index = {0};
	struct record record;
	enum err rc = scratch_open(scratch, &store, STORE_READ);

	if (rc == ERR_OK)
		rc = store_get_index(store, token->user, &index, &why);
	/*
	 * If it were taken for missing, it would be rewritten without the
	 * others.
	 */
	assert_true(rc != ERR_OK || index.count == 1);
	if (rc == ERR_OK)
		rc = store_get(store, token->id, &record, &why);
	index_free(&index);
	store_close(store);
	return rc;
}

static void
test_what_cannot_be_read_is_not_missing(void **state)
{
	unsigned at = 0;
	bool reached = true;
	struct record token;

	sample_record(&token, "alice", "laptop");
	assert_ok(sample_add(*state, &token));
	while (reached) {
		enum err rc;

		memset(&disk, 0, sizeof(disk));
		disk.blind_at = ++at;
		disk.blinks = true;
		rc = read_token(*state, &token);
		reached = disk.reads >= at;
		assert_true(rc == ERR_OK || reached);
		assert_int_not_equal(rc, ERR_NOT_FOUND);
	}
	disk.blind_at = 0;
	assert_in_range(at, 5, MOST_READS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_what_cannot_be_read_is_not_missing, scratch_setup_store,
		scratch_teardown),
	};

	return unit_run(tests);
}
