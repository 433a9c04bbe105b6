#include "backup/snapshot.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define TOKENS 300 /* of a store as on a real machine: some blocks to write */
#define KILLS 20

static enum err
count_one(const char id[TOKEN_ID_LEN + 1], void *arg)
{
	(void)id;
	++*(unsigned *)arg;
	return ERR_OK;
}

static unsigned
count_tokens(struct store *store)
{
	unsigned count = 0;

	assert_ok(store_each_id(store, count_one, &count, &why));
	return count;
}

static unsigned
count_now(const struct scratch *scratch)
{
	struct store *store;
	unsigned count;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	count = count_tokens(store);
	store_close(store);
	return count;
}

static unsigned
count_copy(const struct scratch *scratch, int fd)
{
	struct store *store = NULL;
	unsigned count;

	assert_ok(store_open_private(&store, &scratch->config, fd, &why));
	count = count_tokens(store);
	store_close(store);
	return count;
}

static int
take(const struct scratch *scratch)
{
	int fd = -1;

	assert_ok(snapshot_take(&scratch->config, &fd, &why));
	assert_true(fd >= 0);
	return fd;
}

static void
add(const struct scratch *scratch, const char *user)
{
	struct record record;

	sample_record(&record, user, "name");
	assert_ok(sample_add(scratch, &record));
}

/* A private store with that many tokens, each of its own user. */
static int
make_private(const struct scratch *scratch, unsigned count)
{
	struct store *store = NULL;
	struct record record;
	char user[32];
	int fd = -1;

	assert_ok(snapshot_make(&scratch->config, &fd, &why));
	assert_ok(store_open_private(&store, &scratch->config, fd, &why));
	for (unsigned i = 0; i < count; i++) {
		(void)snprintf(user, sizeof(user), "user%u", i);
		sample_record(&record, user, "name");
		assert_ok(store_add(store, &record, &why));
	}
	store_close(store);
	return fd;
}

/* Whether the store's directory holds only lock and database. */
static bool
is_tidy(const struct scratch *scratch)
{
	DIR *directory = opendir(scratch->config.directory);
	const struct dirent *entry;
	int count = 0;

	assert_non_null(directory);
	while ((entry = readdir(directory)) != NULL)
		count += entry->d_name[0] != '.';
	(void)closedir(directory);
	return count == 2;
}

static void
test_a_copy_is_as_the_store_was(void **state)
{
	int empty, one;

	empty = take(*state);
	add(*state, "alice");
	one = take(*state);
	add(*state, "bob");
	assert_int_equal(count_copy(*state, empty), 0);
	assert_int_equal(count_copy(*state, one), 1);
	assert_int_equal(count_now(*state), 2);
	assert_true(is_tidy(*state));
	(void)close(empty);
	(void)close(one);
}

static void
test_without_a_store_there_is_no_copy(void **state)
{
	int fd = -1;

	assert_int_equal(unlink(scratch_database(*state)), 0);
	assert_err(ERR_MISSING,
	    snapshot_take(&((struct scratch *)*state)->config, &fd, &why));
	assert_int_equal(unlink(scratch_lock(*state)), 0);
	assert_int_equal(rmdir(scratch_path(*state, "lib")), 0);
	assert_err(ERR_MISSING,
	    snapshot_take(&((struct scratch *)*state)->config, &fd, &why));
	/* but a private store can be made elsewhere */
	fd = make_private(*state, 1);
	assert_int_equal(count_copy(*state, fd), 1);
	(void)close(fd);
}

/* Damage is copied, not taken for an empty file. */
static void
test_a_damaged_copy_stays_damaged(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = NULL;
	int fd;

	scratch_write(scratch_database(scratch), "precious", 8, 0600);
	fd = take(scratch);
	assert_err(ERR_DAMAGED,
	    store_open_private(&store, &scratch->config, fd, &why));
	assert_null(store);
	assert_int_equal(lseek(fd, 0, SEEK_END), 8);
	(void)close(fd);
}

static void
test_install_replaces(void **state)
{
	struct scratch *scratch = *state;
	int fresh = make_private(scratch, 3), old;
	bool changed = true;

	add(scratch, "alice");
	old = take(scratch);
	assert_ok(
	    snapshot_install(&scratch->config, fresh, old, &changed, &why));
	assert_false(changed);
	assert_int_equal(count_now(scratch), 3);
	add(scratch, "bob");
	assert_int_equal(count_now(scratch), 4);
	assert_true(is_tidy(scratch));
	(void)close(fresh);
	(void)close(old);
}

static void
test_install_leaves_what_was_changed(void **state)
{
	struct scratch *scratch = *state;
	int fresh = make_private(scratch, 3), old = take(scratch);
	bool changed = false;

	add(scratch, "alice");
	assert_ok(
	    snapshot_install(&scratch->config, fresh, old, &changed, &why));
	assert_true(changed);
	assert_int_equal(count_now(scratch), 1);
	assert_true(is_tidy(scratch));
	(void)close(fresh);
	(void)close(old);
}

/* Two tokens in each transaction, until it is killed. */
static int
write_pairs(void *arg)
{
	for (;;) {
		struct store *store = NULL;
		struct record one, two;

		sample_record(&one, "alice", "name");
		sample_record(&two, "bob", "name");
		CHILD_REQUIRE(scratch_open(arg, &store, STORE_WRITE) == ERR_OK);
		CHILD_REQUIRE(store_add(store, &one, &why) == ERR_OK);
		CHILD_REQUIRE(store_add(store, &two, &why) == ERR_OK);
		CHILD_REQUIRE(store_commit(store, &why) == ERR_OK);
		store_close(store);
		/* Lets others in, who look now and then; a sync is slow. */
		(void)usleep(5000);
	}
}

static void
test_copies_are_of_one_moment(void **state)
{
	pid_t writer = child_start(write_pairs, *state);
	unsigned last = 0;

	/* Otherwise all copies may be made before the writer has begun. */
	while (count_now(*state) == 0)
		(void)usleep(1000);
	for (int i = 0; i < 30; i++) {
		int fd = take(*state);
		unsigned count = count_copy(*state, fd);

		assert_int_equal(count % 2, 0);
		assert_true(count >= last);
		last = count;
		(void)close(fd);
	}
	child_kill(writer);
	assert_true(last > 0);
}

struct install {
	const struct scratch *scratch;
	struct signal_pipe *started;
	int fds[2];
};

/* One after the other replaces the previous one, until it is killed. */
static int
install_for_ever(void *arg)
{
	struct install *install = arg;
	bool changed;

	for (unsigned i = 0;; i++) {
		int old = -1;

		CHILD_REQUIRE(snapshot_take(&install->scratch->config, &old,
				  &why) == ERR_OK);
		if (i == 0)
			signal_send(install->started);
		CHILD_REQUIRE(
		    snapshot_install(&install->scratch->config,
			install->fds[i % 2], old, &changed, &why) == ERR_OK);
		CHILD_REQUIRE(!changed);
		(void)close(old);
	}
}

static void
test_a_kill_leaves_one_or_the_other(void **state)
{
	struct signal_pipe started;
	struct install install = {*state, &started,
	    {make_private(*state, TOKENS), make_private(*state, TOKENS + 1)}};
	struct unit_random random;
	bool changed, installed = false;
	int old;

	unit_random_start(&random);
	signal_make(&started);
	for (int i = 0; i < KILLS; i++) {
		pid_t child = child_start(install_for_ever, &install);
		unsigned count;

		signal_await(&started);
		(void)usleep(unit_random_below(&random, 50000));
		child_kill(child);
		count = count_now(*state);
		assert_true(count == TOKENS || count == TOKENS + 1 ||
		    (count == 0 && !installed));
		installed = count > 0;
	}
	/* What the last one has left does not matter. */
	old = take(*state);
	assert_ok(snapshot_install(&((struct scratch *)*state)->config,
	    install.fds[0], old, &changed, &why));
	assert_true(is_tidy(*state));
	signal_close(&started);
	(void)close(old);
	(void)close(install.fds[0]);
	(void)close(install.fds[1]);
}

static int
install_with_little_room(void *arg)
{
	const struct rlimit limit = {100000, 100000};
	struct install *install = arg;
	bool changed;

	(void)signal(SIGXFSZ, SIG_IGN);
	CHILD_REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	CHILD_REQUIRE(
	    snapshot_install(&install->scratch->config, install->fds[0],
		install->fds[1], &changed, &why) == ERR_SYSTEM);
	return 0;
}

static void
test_a_full_disk_changes_nothing(void **state)
{
	struct install install = {.scratch = *state};

	add(*state, "alice");
	install.fds[0] = make_private(*state, TOKENS);
	install.fds[1] = take(*state);
	child_expect_success(child_start(install_with_little_room, &install));
	assert_int_equal(count_now(*state), 1);
	assert_true(is_tidy(*state));
	(void)close(install.fds[0]);
	(void)close(install.fds[1]);
}

#define COPY_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    COPY_TEST(test_a_copy_is_as_the_store_was),
	    COPY_TEST(test_without_a_store_there_is_no_copy),
	    COPY_TEST(test_a_damaged_copy_stays_damaged),
	    COPY_TEST(test_install_replaces),
	    COPY_TEST(test_install_leaves_what_was_changed),
	    COPY_TEST(test_copies_are_of_one_moment),
	    COPY_TEST(test_a_kill_leaves_one_or_the_other),
	    COPY_TEST(test_a_full_disk_changes_nothing),
	};

	return unit_run(tests);
}
