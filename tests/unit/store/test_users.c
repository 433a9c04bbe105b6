/*
 * users.h: every user with an index that libtdb finds, sorted, and nobody else.
 */
#include "store/users.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/broken.h"
#include "lib/unit.h"
#include "tdb/tdb_blocks.h"

static const char *const USERS[] = {"carol", "alice", "bob"};

static int
setup(void **state)
{
	struct record record;

	if (scratch_setup_store(state) != 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(USERS); i++) {
		sample_record(&record, USERS[i], "laptop");
		if (sample_add(*state, &record) != ERR_OK)
			return -1;
	}
	return 0;
}

/* Appends an entry of `ughost` that no chain leads to. */
static void
append_ghost(const struct scratch *scratch)
{
	struct {
		struct block block;
		char key[8];
		uint32_t tail;
	} ghost = {
	    .block =
		{
		    .len = sizeof(ghost) - sizeof(struct block),
		    .key_len = 6,
		    .value_len = 2,
		    .magic = BLOCKS_ENTRY,
		},
	    .key = "ughost",
	    .tail = sizeof(ghost),
	};

	broken_overwrite(scratch,
	    (size_t)scratch_size(scratch_database(scratch)), &ghost,
	    sizeof(ghost));
}

static void
expect_all(const struct scratch *scratch)
{
	struct users users;

	assert_ok(users_read(&users, &scratch->config, &why));
	assert_int_equal(users.count, 3);
	assert_string_equal(users.names[0], "alice");
	assert_string_equal(users.names[1], "bob");
	assert_string_equal(users.names[2], "carol");
	users_free(&users);
}

static void
test_all_who_have_tokens(void **state)
{
	expect_all(*state);
}

static void
test_what_no_chain_leads_to_is_nobody(void **state)
{
	append_ghost(*state);
	expect_all(*state);
}

/* A circular chain: a word of it, and an end. */
static void
test_a_circle_is_damage(void **state)
{
	struct users users;
	size_t key = broken_find(*state, BLOCKS_START, "ubob", 4);
	uint32_t at = (uint32_t)(key - sizeof(struct block));

	assert_true(key > BLOCKS_START + sizeof(struct block));
	broken_overwrite(*state, at, &at, sizeof(at));
	assert_err(ERR_DAMAGED,
	    users_read(&users, &((struct scratch *)*state)->config, &why));
	users_free(&users);
}

static void
test_what_is_no_database(void **state)
{
	const struct scratch *scratch = *state;
	const char *path = scratch_database(scratch);
	struct users users;

	assert_int_equal(chmod(path, 0644), 0);
	assert_err(ERR_UNSAFE, users_read(&users, &scratch->config, &why));
	users_free(&users);
	assert_int_equal(unlink(path), 0);
	assert_err(ERR_MISSING, users_read(&users, &scratch->config, &why));
	users_free(&users);
}

#define USERS_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    USERS_TEST(test_all_who_have_tokens),
	    USERS_TEST(test_what_no_chain_leads_to_is_nobody),
	    USERS_TEST(test_a_circle_is_damage),
	    USERS_TEST(test_what_is_no_database),
	};

	return unit_run(tests);
}
