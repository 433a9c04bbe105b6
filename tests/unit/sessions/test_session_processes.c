/*
 * session_processes.h: finds the processes of a session on a machine full of
 * processes. Each is named by a letter; the marked ones are a string of
 * letters.
 */
#include "sessions/session_processes.h"

#include <stdio.h>
#include <string.h>

#include "lib/unit.h"

#define TOKEN "0123456789"
#define OTHER_TOKEN "abcdefghjk"
#define NONE LOGIN_IDS_NO_AUDIT
#define ALICE 1000
#define BOB 1001

#define SSHD "/session-1.scope" /* the scope of the shell that started it */
#define OWN "/session-7.scope"
#define FOREIGN "/session-8.scope"

#define PROCS_MAX 16

/* A letter, its parent's letter, its start, and the rest of struct proc. */
struct row {
	char letter, parent;
	uint64_t start;
	uid_t uid, euid;
	uint32_t audit;
	const char *scope;
	const char *token;
};

struct machine {
	const char *what;
	const char *marked;
	struct session session; /* its process is H unless it says otherwise */
	const char *hosts;      /* hosts of other sessions */
	bool is_roots;          /* the token is root's; else alice's */
	struct row rows[PROCS_MAX];
};

/* The state of the host before its session began. */
#define STARTED_BY_INIT true, NONE, ""
#define STARTED_BY_SHELL true, 1, SSHD

static const struct machine MACHINES[] = {
    {.what = "descent, as whoever",
	.marked = "abrs",
	.session = {.before = {STARTED_BY_INIT}},
	.rows = {{'D', 'I', 1, 0, 0, NONE, "", ""},
	    {'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'a', 'H', 10, ALICE, ALICE, 7, OWN, TOKEN},
	    {'b', 'a', 10, ALICE, ALICE, 7, OWN, ""},
	    {'s', 'a', 10, ALICE, 0, 7, OWN, ""}, /* set-uid */
	    {'r', 's', 10, 0, 0, 7, OWN, ""}}},
    {.what = "a daemon of a shell's login: the login does not count",
	.marked = "a",
	.session = {.before = {STARTED_BY_SHELL}},
	.rows = {{'S', 'I', 1, ALICE, ALICE, 1, SSHD, ""},
	    {'D', 'I', 2, 0, 0, 1, SSHD, ""}, {'u', 'I', 2, 0, 0, 1, SSHD, ""},
	    {'v', 'S', 20, ALICE, ALICE, 1, SSHD, ""},
	    {'H', 'D', 9, 0, 0, 1, SSHD, ""},
	    {'a', 'H', 10, ALICE, ALICE, 1, SSHD, ""},
	    {'X', 'D', 9, 0, 0, 1, SSHD, ""},
	    {'x', 'X', 10, ALICE, ALICE, 1, SSHD, ""},
	    {'Y', 'D', 9, 0, 0, 1, SSHD, ""},
	    {'y', 'Y', 10, BOB, BOB, 1, SSHD, ""}}},
    {.what = "the same, with all that is older gone",
	.marked = "a",
	.session = {.before = {STARTED_BY_SHELL}},
	.rows = {{'H', 'I', 9, 0, 0, 1, SSHD, ""},
	    {'a', 'H', 10, ALICE, ALICE, 1, SSHD, ""},
	    {'v', 'I', 20, ALICE, ALICE, 1, SSHD, ""}}},
    {.what = "before is not known, or was not this one: the login is older",
	.marked = "",
	.session = {.before = {STARTED_BY_INIT}},
	.rows = {{'S', 'I', 1, ALICE, ALICE, 1, SSHD, ""},
	    {'H', 'D', 9, 0, 0, 1, SSHD, ""},
	    {'v', 'I', 20, ALICE, ALICE, 1, SSHD, ""}}},
    {.what = "before is not known",
	.marked = "a",
	.session = {.before = {false, NONE, ""}},
	.rows = {{'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'a', 'H', 10, ALICE, ALICE, 7, OWN, ""},
	    {'v', 'I', 20, ALICE, ALICE, 7, OWN, ""}}},
    {.what = "left behind: by audit session, by scope, by environment",
	.marked = "abctu",
	.session = {.before = {STARTED_BY_SHELL}},
	.rows = {{'D', 'I', 1, 0, 0, 1, SSHD, ""},
	    {'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'a', 'I', 10, ALICE, ALICE, 7, "", ""},
	    {'b', 'I', 10, ALICE, ALICE, NONE, OWN, ""},
	    {'c', 'I', 10, ALICE, ALICE, NONE, "", TOKEN},
	    {'t', 'I', 10, ALICE, 0, 7, OWN, ""}, /* set-uid */
	    {'u', 't', 10, ALICE, ALICE, 7, OWN, ""},
	    {'v', 'I', 10, ALICE, ALICE, 8, FOREIGN, OTHER_TOKEN},
	    {'w', 'I', 10, ALICE, ALICE, NONE, "", ""}}},
    {.what = "left behind, but another user's, or root's",
	.marked = "",
	.session = {.before = {STARTED_BY_SHELL}},
	.rows = {{'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'b', 'I', 10, BOB, BOB, 7, OWN, TOKEN},
	    {'c', 'I', 10, BOB, ALICE, 7, OWN, TOKEN},
	    {'r', 'I', 10, 0, 0, 7, OWN, TOKEN},
	    {'s', 'I', 10, 0, ALICE, 7, OWN, TOKEN}}},
    {.what = "root's token: what root's session has left behind goes on",
	.marked = "a",
	.session = {.before = {STARTED_BY_SHELL}},
	.is_roots = true,
	.rows = {{'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'a', 'H', 10, 0, 0, 7, OWN, TOKEN},
	    {'r', 'I', 10, 0, 0, 7, OWN, TOKEN}}},
    {.what = "a server that the session has started, and the user's own logins",
	.marked = "at",
	.session = {.before = {STARTED_BY_INIT}},
	.rows = {{'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'a', 'H', 10, ALICE, ALICE, 7, OWN, TOKEN},
	    {'V', 'I', 11, 0, 0, 7, OWN, TOKEN},
	    {'X', 'V', 12, 0, 0, 7, OWN, TOKEN},
	    {'x', 'X', 12, ALICE, ALICE, 7, OWN, TOKEN},
	    {'t', 'I', 12, ALICE, ALICE, 7, OWN, TOKEN}}},
    {.what = "sessions beneath it: by audit session, by scope, in the list",
	.marked = "Va",
	.session = {.before = {STARTED_BY_INIT}},
	.hosts = "Z",
	.rows = {{'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'a', 'H', 10, ALICE, ALICE, 7, OWN, ""},
	    {'V', 'a', 11, 0, 0, 7, OWN, ""}, {'X', 'V', 12, 0, 0, 8, OWN, ""},
	    {'x', 'X', 12, ALICE, ALICE, 8, OWN, ""},
	    {'Y', 'V', 12, ALICE, ALICE, 7, FOREIGN, ""},
	    {'y', 'Y', 12, ALICE, ALICE, 7, FOREIGN, ""},
	    {'Z', 'V', 12, ALICE, ALICE, 7, OWN, ""},
	    {'z', 'Z', 12, ALICE, ALICE, 7, OWN, TOKEN}}},
    {.what = "a user who gives himself an audit session stays in his session",
	.marked = "abc",
	.session = {.before = {STARTED_BY_INIT}},
	.rows = {{'H', 'D', 9, 0, 0, NONE, "", ""},
	    {'a', 'H', 10, ALICE, ALICE, NONE, "", ""},
	    {'b', 'a', 11, ALICE, ALICE, 9, "", ""},
	    {'c', 'b', 11, 0, 0, 9, "", ""}}},
    {.what = "forked before the host got its login",
	.marked = "ab",
	.session = {.before = {STARTED_BY_SHELL}},
	.rows = {{'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'a', 'H', 9, 0, 0, 1, SSHD, ""},
	    {'b', 'H', 10, ALICE, ALICE, 7, OWN, ""}}},
    {.what = "what runs for another user, from the user's own process on",
	.marked = "abd",
	.session = {.before = {STARTED_BY_INIT}},
	.rows = {{'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'a', 'H', 10, ALICE, ALICE, 7, OWN, ""},
	    {'b', 'a', 10, 0, 0, 7, OWN, ""},
	    {'d', 'b', 10, ALICE, ALICE, 7, OWN, ""},
	    {'R', 'd', 11, 0, 0, 7, OWN, ""},
	    {'S', 'R', 11, 0, BOB, 7, OWN, ""},
	    {'T', 'd', 11, BOB, BOB, 7, OWN, ""},
	    {'U', 'T', 11, ALICE, ALICE, 7, "", ""}}},
    {.what = "a process that serves others: only what is known by itself",
	.marked = "c",
	.session = {.before = {STARTED_BY_INIT}, .is_shared = true},
	.rows = {{'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'a', 'H', 10, ALICE, ALICE, 7, OWN, ""},
	    {'c', 'H', 10, ALICE, ALICE, 7, OWN, TOKEN},
	    {'d', 'H', 10, BOB, BOB, 7, OWN, TOKEN},
	    {'v', 'I', 10, ALICE, ALICE, 7, OWN, ""}}},
    {.what = "the host's pid is another's by now",
	.marked = "c",
	.session = {.process = {'H', 8}, .before = {STARTED_BY_INIT}},
	.rows = {{'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'a', 'H', 10, ALICE, ALICE, 7, OWN, ""},
	    {'c', 'I', 10, ALICE, ALICE, 7, OWN, TOKEN}}},
    {.what = "another session of the same process is no stranger",
	.marked = "a",
	.session = {.before = {STARTED_BY_INIT}},
	.hosts = "H",
	.rows = {{'H', 'D', 9, 0, 0, NONE, "", ""},
	    {'a', 'H', 10, ALICE, ALICE, NONE, "", ""}}},
    {.what = "a picture with a loop in it",
	.marked = "c",
	.session = {.before = {STARTED_BY_INIT}},
	.rows = {{'H', 'D', 9, 0, 0, 7, OWN, ""},
	    {'a', 'b', 10, 0, 0, NONE, "", ""},
	    {'b', 'a', 10, BOB, BOB, NONE, "", ""},
	    {'c', 'H', 10, ALICE, ALICE, 7, OWN, ""}}},
};

static size_t
build(const struct machine *machine, struct proc procs[128])
{
	size_t count = 0;

	/* By their pids, which are their letters. */
	for (int letter = 'A'; letter <= 'z'; letter++) {
		for (size_t i = 0; i < PROCS_MAX; i++) {
			const struct row *row = &machine->rows[i];
			struct proc *proc = &procs[count];

			if (row->letter != letter)
				continue;
			*proc = (struct proc){
			    .process = {(uint64_t)letter, row->start},
			    .parent = (uint64_t)row->parent,
			    .uid = row->uid,
			    .euid = row->euid,
			    .login = {.is_known = true, .audit = row->audit},
			};
			strcpy(proc->login.scope, row->scope);
			strcpy(proc->token, row->token);
			count++;
		}
	}
	return count;
}

static void
expect_marked(const struct machine *machine, const struct proctree *tree)
{
	char marked[128] = "";
	size_t len = 0;

	for (size_t i = 0; i < tree->count; i++)
		if (tree->procs[i].is_marked)
			marked[len++] = (char)tree->procs[i].process.pid;
	if (strcmp(marked, machine->marked) != 0)
		print_error("%s: marked %s, not %s\n", machine->what, marked,
		    machine->marked);
	assert_string_equal(marked, machine->marked);
}

static uint64_t
start_of(const struct proctree *tree, char letter)
{
	for (size_t i = 0; i < tree->count; i++)
		if (tree->procs[i].process.pid == (uint64_t)letter)
			return tree->procs[i].process.start;
	return 0;
}

static void
try_machine(const struct machine *machine)
{
	struct proc procs[128];
	struct proctree tree = {procs, build(machine, procs)};
	struct session all[4] = {machine->session};
	const char *host = machine->hosts;
	size_t count = 1;

	strcpy(all[0].id, TOKEN);
	if (all[0].process.pid == 0)
		all[0].process = (struct process){'H', start_of(&tree, 'H')};
	while (host != NULL && *host != '\0') {
		strcpy(all[count].id, OTHER_TOKEN);
		all[count++].process = (struct process){
		    (uint64_t)*host, start_of(&tree, *host)};
		host++;
	}
	session_processes_mark(
	    &tree, &all[0], machine->is_roots ? 0 : ALICE, all, count);
	expect_marked(machine, &tree);
}

static void
test_machines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(MACHINES); i++)
		try_machine(&MACHINES[i]);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(test_machines),
	};

	return unit_run(TESTS);
}
