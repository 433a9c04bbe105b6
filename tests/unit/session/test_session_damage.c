/*
 * session_list.h, until_logout.h: sessions are found, whatever is in their
 * files.
 */
#include "session/session_list.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/rotated.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "lifecycle/until_logout.h"
#include "session/rundir.h"
#include "store/lock.h"

#define SCOPE "/user.slice/user-1000.slice/session-7.scope"
#define FILES "run/" RUNDIR_SESSIONS "/"

static struct record token;

static int
setup(void **state)
{
	if (scratch_setup_store(state) != 0)
		return -1;
	sample_record(&token, "alice", "ci");
	return 0;
}

static const char *
run(void **state)
{
	return scratch_path(*state, "run");
}

static struct session
enter(void **state, int64_t since)
{
	struct session session = {
	    .user = "alice",
	    .name = "ci",
	    .service = "sshd",
	    .from = "192.0.2.7",
	    .tty = "ssh",
	    .since = since,
	    .lifetime = token.lifetime,
	    .before = {true, 42, SCOPE},
	};

	strcpy(session.id, token.id);
	assert_ok(session_enter(run(state), &session, &why));
	return session;
}

/* A process that has ended. */
static struct process
gone(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(0);
	(void)child_wait(pid);
	return (struct process){(uint64_t)pid, 1};
}

/* The path of the file for the token's session in that process. */
static const char *
file_of(void **state, const struct process *process)
{
	char name[RUNDIR_NAME_MAX + sizeof(FILES)];
	char part[PROCESS_NAME_LEN + 1];

	process_name(process, part);
	(void)snprintf(name, sizeof(name), FILES "%s.%s.0", token.id, part);
	return scratch_path(*state, name);
}

static void
write_file(
    void **state, const struct process *process, const char *text, size_t len)
{
	scratch_write(file_of(state, process), text, len, 0600);
}

static bool
has_file(void **state, const struct process *process)
{
	return access(file_of(state, process), F_OK) == 0;
}

struct found {
	struct session session;
	unsigned count;
};

static enum err
keep(const struct session *session, void *arg)
{
	struct found *found = arg;

	found->session = *session;
	found->count++;
	return ERR_OK;
}

static struct found
find(void **state)
{
	struct found found = {.count = 0};

	assert_ok(session_each(run(state), token.id, keep, &found, &why));
	return found;
}

static void
test_found_with_all_that_it_says(void **state)
{
	struct session entered = enter(state, NOW);
	struct found found = find(state);

	assert_int_equal(found.count, 1);
	assert_string_equal(found.session.user, "alice");
	assert_string_equal(found.session.name, "ci");
	assert_string_equal(found.session.service, "sshd");
	assert_string_equal(found.session.from, "192.0.2.7");
	assert_string_equal(found.session.tty, "ssh");
	assert_int_equal(found.session.since, NOW);
	assert_int_equal(found.session.lifetime, RECORD_LASTING);
	assert_int_equal(found.session.process.pid, getpid());
	assert_true(found.session.before.is_known);
	assert_int_equal(found.session.before.audit, 42);
	assert_string_equal(found.session.before.scope, SCOPE);
	assert_false(found.session.is_shared);
	assert_ok(session_leave(run(state), &entered, &why));
	assert_int_equal(find(state).count, 0);
}

#define HEAD "apitoken session 2\nalice\nci\nsshd\n\n\n1\n0\n"
#define WHOLE HEAD "42\n" SCOPE "\n0\n"
#define BYTES(text) text, sizeof(text) - 1

/* Invalid content of a session's file. */
static const struct {
	const char *text;
	size_t len;
} DAMAGED[] = {
    {BYTES("")},
    {BYTES("\0\0\0\0")},
    {BYTES("apitoken session 2\nalice\nci\nsshd\n")},
    {BYTES("apitoken session 1\nalice\nci\nsshd\n\n\n1\n0\n")},
    {BYTES("apitoken session 1\nalice\nci\nsshd\n\n\n1\n0\n42\n\n0\n")},
    {BYTES(HEAD)},
    {BYTES(HEAD "\n\n0\n")},
    {BYTES(HEAD "4294967296\n\n0\n")},
    {BYTES(HEAD "-\n" SCOPE "\n0\n")},
    {BYTES(HEAD "42\n" SCOPE "\n2\n")},
    {BYTES(HEAD "42\n" SCOPE "\n\n")},
    {BYTES(WHOLE "more")},
    {BYTES(WHOLE "\0")},
    {BYTES("apitoken session 2\na\x1b\nci\nsshd\n\n\n1\n0\n42\n\n0\n")},
};

static void
test_damaged_is_found_by_its_name(void **state)
{
	struct session entered = enter(state, NOW);

	for (size_t i = 0; i < COUNT_OF(DAMAGED); i++) {
		struct found found;

		write_file(
		    state, &entered.process, DAMAGED[i].text, DAMAGED[i].len);
		found = find(state);
		assert_int_equal(found.count, 1);
		assert_string_equal(found.session.id, token.id);
		assert_int_equal(found.session.process.pid, getpid());
		assert_string_equal(found.session.user, "");
		assert_string_equal(found.session.service, "");
		assert_int_equal(found.session.since, 0);
		assert_int_equal(found.session.lifetime, RECORD_UNTIL_LOGOUT);
		assert_false(found.session.before.is_known);
		assert_true(found.session.is_shared);
	}
}

/* Values that were unknown when it was entered, or do not fit, are unknown. */
static void
test_ids_that_are_not_known(void **state)
{
	static const struct login_ids ROWS[] = {
	    {false, 42, SCOPE},
	    {true, 42, "a\x1b"},
	};

	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct session session = {.before = ROWS[i]};
		struct found found;

		strcpy(session.id, token.id);
		assert_ok(session_enter(run(state), &session, &why));
		found = find(state);
		assert_false(found.session.before.is_known);
		assert_false(found.session.is_shared);
		assert_ok(session_leave(run(state), &session, &why));
	}
}

static enum err
count_shared(const struct session *session, void *arg)
{
	*(unsigned *)arg += session->is_shared;
	return ERR_OK;
}

/* A process that opens a second session marks the first one as well. */
static void
test_shared_are_those_of_this_process(void **state)
{
	struct process other = gone();
	unsigned shared = 0;

	(void)enter(state, NOW);
	(void)enter(state, NOW);
	write_file(state, &other, BYTES(WHOLE));
	assert_ok(session_share(run(state), &why));
	assert_ok(session_each(run(state), NULL, count_shared, &shared, &why));
	assert_int_equal(shared, 2);
}

/* What is marked is the file that is there, not a new one in its place. */
static void
test_sharing_makes_no_file(void **state)
{
	struct session entered = enter(state, NOW);
	const char *path = file_of(state, &entered.process);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat before, after;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &before), 0);
	assert_ok(session_share(run(state), &why));
	assert_int_equal(lstat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_size, after.st_size);
	assert_true(find(state).session.is_shared);
	assert_int_equal(close(fd), 0);
}

/* An unreadable file does not mean that there is no session. */
static void
test_unreadable_is_found_by_its_name(void **state)
{
	struct session entered = enter(state, NOW);
	const char *path = file_of(state, &entered.process);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_int_equal(find(state).count, 1);
}

static bool
has_happened(void **state)
{
	bool happened = false;

	assert_ok(until_logout_is_over(run(state), &token, &happened, &why));
	return happened;
}

static void
test_end_shows_in_a_damaged_file(void **state)
{
	struct session entered = enter(state, NOW);
	struct process ended = gone();

	token.lifetime = RECORD_UNTIL_LOGOUT;
	write_file(state, &entered.process, "", 0);
	assert_false(has_happened(state));
	write_file(state, &ended, "", 0);
	assert_true(has_happened(state));
}

/*
 * The record decides whether the token ends with a session of a damaged file.
 */
static void
test_collected_by_the_record(void **state)
{
	static const struct {
		enum record_lifetime lifetime;
		enum record_state left;
	} ROWS[] = {
	    {RECORD_LASTING, RECORD_ACTIVE},
	    {RECORD_UNTIL_LOGOUT, RECORD_REVOKED},
	};
	const struct scratch *scratch = *state;
	struct process ended = gone();

	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct record record;

		sample_record(&token, "alice", i == 0 ? "a" : "b");
		token.lifetime = ROWS[i].lifetime;
		assert_ok(sample_add(scratch, &token));
		(void)enter(state, NOW);
		write_file(state, &ended, "", 0);
		assert_ok(until_logout_collect(
		    &scratch->config, run(state), NOW, &why));
		record = rotated_get(scratch, token.id);
		assert_int_equal(record.state, ROWS[i].left);
		assert_false(has_file(state, &ended));
	}
}

/* Logs in and out until each step of the pruning was done. */
static void
let_prune(void **state)
{
	for (unsigned i = 0; i < 300; i++) {
		struct session entered = enter(state, NOW);

		assert_ok(session_leave(run(state), &entered, &why));
	}
}

/* A login prunes only files that say that the session ends no token. */
static void
test_damaged_is_not_pruned(void **state)
{
	struct process ended = gone();

	let_prune(state);
	write_file(state, &ended, "x", 1);
	let_prune(state);
	assert_true(has_file(state, &ended));
	write_file(state, &ended, BYTES(WHOLE));
	let_prune(state);
	assert_false(has_file(state, &ended));
}

#define SESSION_TEST(function)                                                 \
	cmocka_unit_test_setup_teardown(function, setup, scratch_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    SESSION_TEST(test_found_with_all_that_it_says),
	    SESSION_TEST(test_damaged_is_found_by_its_name),
	    SESSION_TEST(test_ids_that_are_not_known),
	    SESSION_TEST(test_shared_are_those_of_this_process),
	    SESSION_TEST(test_sharing_makes_no_file),
	    SESSION_TEST(test_unreadable_is_found_by_its_name),
	    SESSION_TEST(test_end_shows_in_a_damaged_file),
	    SESSION_TEST(test_collected_by_the_record),
	    SESSION_TEST(test_damaged_is_not_pruned),
	};

	return unit_run(TESTS);
}
