#include "writers.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/unit.h"
#include "logins.h"

#define ROUND 4 /* tokens that a writer issues at a time */

struct writer {
	struct ledger *ledger;
	struct unit_random random;
	const char *user;
	unsigned issued; /* for the names */
	struct ledger_entry *entries[ROUND + 1];
	size_t count;
};

/*
 * Starts tokenadm with its standard output in a pipe, and returns the other
 * end.
 */
static bool
start(const char *const argv[], pid_t *pid, int *out)
{
	posix_spawn_file_actions_t actions;
	int fds[2];
	bool done;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return false;
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	done = posix_spawnp(pid, argv[0], &actions, NULL,
		   (char *const *)(uintptr_t)argv, environ) == 0;
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)close(fds[1]);
	if (done)
		*out = fds[0];
	else
		(void)close(fds[0]);
	return done;
}

/* Runs a command; sets text to the token that it prints, if any. */
static bool
run(struct ledger *ledger, const char *const argv[], char text[TOKEN_LEN + 1])
{
	uint64_t began = ledger_now();
	size_t len = 0;
	ssize_t got;
	int out, status;
	pid_t pid;

	if (!start(argv, &pid, &out))
		return false;
	while (len < TOKEN_LEN &&
	    (got = read(out, text + len, TOKEN_LEN - len)) > 0)
		len += (size_t)got;
	text[len] = '\0';
	if (waitpid(pid, &status, 0) != pid)
		status = -1;
	(void)close(out);
	ledger_note_time(&ledger->slowest_command, began);
	return status == 0;
}

/* The same for a writer; counts a failure if the command fails. */
static bool
run_for(struct writer *writer, const struct ledger_entry *entry,
    const char *const argv[], char text[TOKEN_LEN + 1])
{
	char what[64];

	if (run(writer->ledger, argv, text))
		return true;
	(void)snprintf(what, sizeof(what), "tokenadm %s failed", argv[1]);
	ledger_fail(writer->ledger,
	    entry != NULL ? entry : writer->ledger->entries, what);
	return false;
}

static void
take_id(char id[TOKEN_ID_LEN + 1], const struct ledger_entry *entry)
{
	(void)snprintf(id, TOKEN_ID_LEN + 1, "%s", entry->text + 4);
}

/* Enters the tokens that a command has printed. */
static void
enter(struct writer *writer, const char *text, bool once)
{
	struct ledger_entry *entry = ledger_add(
	    writer->ledger, writer->user, text, once);

	if (entry == NULL)
		return;
	writer->entries[writer->count++] = entry;
	if (once)
		ledger_point_at(writer->ledger, entry);
}

static void
issue(struct writer *writer, bool once)
{
	char text[TOKEN_LEN + 1], name[16];
	const char *argv[] = {"tokenadm", "issue", "--user", writer->user,
	    "--name", name, "--service", LOGINS_SERVICE, "--scope",
	    "read,write", once ? "--once" : NULL, NULL};

	(void)snprintf(name, sizeof(name), "t%u", writer->issued++);
	if (!run_for(writer, NULL, argv, text))
		return;
	(void)atomic_fetch_add(&writer->ledger->issued, 1);
	enter(writer, text, once);
}

/* Changes something that no login depends on. */
static void
edit(struct writer *writer, const struct ledger_entry *entry)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];
	const char *argv[] = {
	    "tokenadm", "edit", id, "--description", "changed", NULL};

	take_id(id, entry);
	if (run_for(writer, entry, argv, text))
		(void)atomic_fetch_add(&writer->ledger->edited, 1);
}

/* The old one goes on until the new one is used. */
static void
rotate(struct writer *writer, struct ledger_entry *entry)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];
	const char *argv[] = {"tokenadm", "rotate", id, NULL};

	take_id(id, entry);
	atomic_store(&entry->phase, LEDGER_LEAVING);
	if (!run_for(writer, entry, argv, text))
		return;
	(void)atomic_fetch_add(&writer->ledger->rotated, 1);
	enter(writer, text, false);
}

/* With one of several commands that bar it from then on. */
static void
withdraw(struct writer *writer, struct ledger_entry *entry)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];
	const struct {
		const char *argv[6];
		enum ledger_phase phase;
	} ways[] = {
	    {{"tokenadm", "revoke", id, NULL}, LEDGER_REVOKED},
	    {{"tokenadm", "delete", "--force", "--yes", id, NULL},
		LEDGER_REVOKED},
	    {{"tokenadm", "edit", id, "--service", "elsewhere", NULL},
		LEDGER_BARRED},
	    {{"tokenadm", "edit", id, "--scope", "read", NULL}, LEDGER_BARRED},
	};
	/* A used-up token cannot be edited; half of them are revoked. */
	uint32_t way = unit_random_below(&writer->random, 6);

	if (entry->once || way >= COUNT_OF(ways))
		way = 0;
	take_id(id, entry);
	atomic_store(&entry->phase, LEDGER_LEAVING);
	if (!run_for(writer, entry, ways[way].argv, text))
		return;
	atomic_store(&entry->phase, ways[way].phase);
	(void)atomic_fetch_add(&writer->ledger->withdrawn, 1);
	ledger_point_at(writer->ledger, entry);
}

/* Until others have tried it, or the time is up. */
static void
await(const struct writer *writer, const atomic_uint *tries)
{
	static const struct timespec MOMENT = {.tv_nsec = 1000000};

	while (atomic_load(tries) == 0 && !atomic_load(&writer->ledger->over))
		(void)nanosleep(&MOMENT, NULL);
}

static void
round_of(struct writer *writer)
{
	char text[TOKEN_LEN + 1];
	const char *const rest[] = {
	    "tokenadm", "revoke", "--user", writer->user, NULL};

	writer->count = 0;
	for (unsigned i = 0; i < ROUND; i++)
		issue(writer, i == ROUND - 1);
	if (writer->count < ROUND)
		return;
	edit(writer, writer->entries[1]);
	rotate(writer, writer->entries[0]);
	for (size_t i = 1; i < writer->count; i++) {
		await(writer, &writer->entries[i]->accepted);
		withdraw(writer, writer->entries[i]);
		await(writer, &writer->entries[i]->refused);
	}
	/* The tokens that the edits have left, and their predecessors. */
	if (run_for(writer, writer->entries[0], rest, text))
		atomic_store(&writer->entries[0]->phase, LEDGER_REVOKED);
}

void
writers_run(struct ledger *ledger, uint64_t seed, const char *user)
{
	struct writer writer = {
	    .ledger = ledger, .random = {seed}, .user = user};

	while (!atomic_load(&ledger->over))
		round_of(&writer);
}

void
writers_back_up(struct ledger *ledger, const char *file)
{
	const char *const argv[] = {
	    "tokenadm", "backup", "--force", file, NULL};
	char text[TOKEN_LEN + 1];

	while (!atomic_load(&ledger->over)) {
		if (run(ledger, argv, text))
			(void)atomic_fetch_add(&ledger->backups, 1);
		else
			ledger_fail(ledger, ledger->entries, "backup failed");
	}
}
