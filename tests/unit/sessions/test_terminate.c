/* What is signalled when a session ends, and whom its process serves by then.
 */
#include "sessions/terminate.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"
#include "session/session_list.h"
#include "sessions/proc_signal.h"
#include "sessions/proctree.h"

#define ID "0123456789"
#define SENT_MAX 256
#define GRACE 1500 /* milliseconds until the host is signalled */

enum {
	HOST = 100,
	CHILD,
	OTHERS_CHILD
};

/* What the machine does while a session ends. */
static struct {
	bool is_child_gone; /* by SIGHUP; the host is not */
	bool is_left;       /* the host has left the session */
	bool is_shared;     /* the host serves others, too */
	/* What the host does once its child has ended */
	enum {
		STAYS,
		LEAVES,
		SHARES
	} next;
	int waited;       /* for the host, in milliseconds */
	int serves_after; /* so many of these; 0: at once */
} machine;

static int64_t clock_now; /* milliseconds; only waiting moves it */

static struct {
	uint64_t pid;
	int number;
} sent[SENT_MAX];
static size_t count;
static bool is_stopped;
static unsigned ends, ends_while_stopped;

int64_t __wrap_deadline_in(int64_t);
enum err __wrap_session_each(
    const char *, const char *, session_visitor *, void *, struct error *);
bool __wrap_session_look_again(const char *, struct session *);
bool __wrap_session_is_over(const struct session *);
bool __wrap_process_is_gone(const struct process *);
enum err __wrap_proctree_read(struct proctree *, struct error *);
bool __wrap_proc_signal(const struct process *, int);
bool __wrap_proc_wait_for_end(const struct process *, int);

int64_t
__wrap_deadline_in(int64_t milliseconds)
{
	return (clock_now + milliseconds) * 1000000;
}

enum err
__wrap_session_each(const char *run, const char *id, session_visitor *visit,
    void *arg, struct error *error)
{
	const struct session session = {
	    .id = ID,
	    .user = "alice",
	    .service = "ftpd",
	    .process = {.pid = HOST},
	};

	(void)run;
	(void)id;
	(void)error;
	return visit(&session, arg);
}

bool
__wrap_session_look_again(const char *run, struct session *session)
{
	(void)run;
	session->is_shared = machine.is_shared;
	return !machine.is_left;
}

bool
__wrap_session_is_over(const struct session *session)
{
	(void)session;
	return false;
}

bool
__wrap_process_is_gone(const struct process *process)
{
	return process->pid == CHILD && machine.is_child_gone;
}

/* Now the host serves the next, who has a process of the same user. */
static void
serve_next(void)
{
	machine.is_left = machine.next == LEAVES;
	machine.is_shared = machine.next == SHARES;
}

enum err
__wrap_proctree_read(struct proctree *tree, struct error *error)
{
	const struct proc processes[] = {
	    {.process = {.pid = HOST}},
	    {.process = {.pid = machine.is_child_gone ? OTHERS_CHILD : CHILD},
		.parent = HOST,
		.uid = 1000,
		.euid = 1000},
	};

	(void)error;
	if (machine.is_child_gone && machine.serves_after == 0)
		serve_next();
	tree->count = 1;
	if (!machine.is_child_gone || machine.is_left || machine.is_shared)
		tree->count = 2;
	tree->procs = calloc(2, sizeof(*tree->procs));
	assert_non_null(tree->procs);
	memcpy(tree->procs, processes, sizeof(processes));
	return ERR_OK;
}

bool
__wrap_proc_signal(const struct process *process, int number)
{
	assert_true(count < SENT_MAX);
	sent[count].pid = process->pid;
	sent[count++].number = number;
	is_stopped = number == SIGSTOP || (is_stopped && number != SIGCONT);
	if (process->pid != CHILD)
		return true;
	if (number == SIGSTOP)
		assert_int_equal(raise(SIGTERM), 0);
	if (number == SIGCONT)
		machine.is_child_gone = true;
	return !machine.is_child_gone;
}

bool
__wrap_proc_wait_for_end(const struct process *process, int timeout)
{
	bool served = machine.waited >= machine.serves_after;

	if (process->pid != HOST)
		return true;
	clock_now += timeout;
	machine.waited += timeout;
	if (!served && machine.waited >= machine.serves_after)
		serve_next();
	return false;
}

/* As if we ended here. */
static void
take_signal(int number)
{
	(void)number;
	ends++;
	ends_while_stopped += is_stopped;
}

static bool
was_sent(uint64_t pid, int number)
{
	for (size_t i = 0; i < count; i++)
		if (sent[i].pid == pid && sent[i].number == number)
			return true;
	return false;
}

static enum err
terminate(size_t *ended)
{
	static struct context context;
	struct record token = {.id = ID, .user = "alice", .uid = 1000};
	const struct selection tokens = {&token, 1};
	struct termination done;
	enum err rc;

	context = (struct context){.now = 1};
	count = 0;
	is_stopped = false;
	ends = ends_while_stopped = 0;
	rc = terminate_sessions(&context, &tokens, &done);
	*ended = done.ended;
	terminate_free(&done);
	why = context.error;
	return rc;
}

static int
setup(void **state)
{
	(void)state;
	memset(&machine, 0, sizeof(machine));
	(void)signal(SIGTERM, take_signal);
	return 0;
}

/* It does not end by itself, nor by SIGTERM. */
static void
test_alone(void **state)
{
	size_t ended;

	(void)state;
	assert_int_equal(terminate(&ended), ERR_SYSTEM);
	assert_non_null(strstr(why.text, "does not end"));
	assert_true(was_sent(CHILD, SIGHUP));
	/* It may have stopped itself when its child was stopped. */
	assert_true(was_sent(HOST, SIGCONT));
	assert_true(was_sent(HOST, SIGTERM));
	assert_true(was_sent(HOST, SIGKILL));
}

static void
expect_host_spared(void)
{
	assert_true(was_sent(CHILD, SIGHUP));
	assert_false(was_sent(HOST, SIGTERM));
	assert_false(was_sent(HOST, SIGKILL));
}

/* It has left the session, and may serve anybody: the session has ended. */
static void
test_left(void **state)
{
	size_t ended;

	(void)state;
	machine.next = LEAVES;
	machine.serves_after = 1;
	assert_ok(terminate(&ended));
	assert_int_equal(ended, 1);
	expect_host_spared();
}

/* It has taken others. */
static void
test_shared(void **state)
{
	size_t ended;

	(void)state;
	machine.next = SHARES;
	machine.serves_after = 1;
	assert_int_equal(terminate(&ended), ERR_SYSTEM);
	assert_non_null(strstr(why.text, "may serve others"));
	assert_int_equal(ended, 0);
	expect_host_spared();
}

/* Between the two signals. */
static void
test_left_late(void **state)
{
	size_t ended;

	(void)state;
	machine.next = LEAVES;
	machine.serves_after = GRACE + 1;
	assert_ok(terminate(&ended));
	assert_true(was_sent(HOST, SIGTERM));
	assert_false(was_sent(HOST, SIGKILL));
}

/* What it starts for the next is none of the session's. */
static void
test_next_one(void **state)
{
	size_t ended;

	(void)state;
	machine.next = LEAVES;
	assert_ok(terminate(&ended));
	assert_int_equal(ended, 1);
	expect_host_spared();
	for (size_t i = 0; i < count; i++)
		assert_int_not_equal(sent[i].pid, OTHERS_CHILD);
}

/* Whoever ends us leaves nothing stopped. */
static void
test_ended_while_it_stops(void **state)
{
	size_t ended;

	(void)state;
	assert_int_equal(terminate(&ended), ERR_SYSTEM);
	assert_int_equal(ends, 1);
	assert_int_equal(ends_while_stopped, 0);
}

#define TERMINATE_TEST(test) cmocka_unit_test_setup(test, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TERMINATE_TEST(test_alone),
	    TERMINATE_TEST(test_left),
	    TERMINATE_TEST(test_shared),
	    TERMINATE_TEST(test_left_late),
	    TERMINATE_TEST(test_next_one),
	    TERMINATE_TEST(test_ended_while_it_stops),
	};

	return unit_run(tests);
}
