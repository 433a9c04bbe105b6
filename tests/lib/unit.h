/* Included by every unit test: cmocka, and some macros of our own. */
#ifndef APITOKEN_UNIT_H
#define APITOKEN_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include "base/error.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A time in 2027, which the tests use as now. */
#define NOW INT64_C(1800000000)
#define DAY INT64_C(86400)
#define MINUTE 60000 /* milliseconds: only a hang would reach it */

/*
 * Where the functions under test leave their error text; assert_err shows it.
 */
extern struct error why;

/*
 * Runs the tests, with libsodium started, and a limit on how long they and
 * their children may hang.
 */
#define unit_run(tests) cmocka_run_group_tests(tests, unit_start, NULL)
int unit_start(void **state);

/* Fails unless call returned the expected error. */
#define assert_err(expected, call)                                             \
	unit_expect_err((expected), (call), #call, __FILE__, __LINE__)
#define assert_ok(call) assert_err(ERR_OK, call)
void unit_expect_err(enum err expected, enum err got, const char *call,
    const char *file, int line);

/* Fails unless the text in why contains this part. */
#define assert_says(part) unit_expect_text(part, __FILE__, __LINE__)
void unit_expect_text(const char *part, const char *file, int line);

/* As cmocka's own, and names the row of the table that failed. */
#define assert_row(row, condition)                                             \
	unit_expect_row(row, (condition), #condition, __FILE__, __LINE__)
void unit_expect_row(const char *row, _Bool condition, const char *text,
    const char *file, int line);

/* Ends this test; what runs it shows the reason (tests/lib/tap). */
void unit_skip(const char *reason);

/*
 * A body that runs in a process of its own. cmocka's assertions would continue
 * with the other tests there, so it uses CHILD_REQUIRE and returns 0 on
 * success.
 */
typedef int child_body(void *arg);

#define CHILD_REQUIRE(condition)                                               \
	do {                                                                   \
		if (!(condition))                                              \
			return unit_complain(#condition, __FILE__, __LINE__);  \
	} while (0)
int unit_complain(const char *text, const char *file, int line);

/*
 * Forks a process that runs body and ends with what it returns; or is killed,
 * when this one (its thread that calls) ends or its limit is over.
 */
pid_t child_start(child_body *body, void *arg);

/* In a child: lets it live on when its parent ends; the limit remains. */
void child_outlive_parent(void);

/* Waits for the process and returns its wait status. */
int child_wait(pid_t pid);

/* Fails unless the process exits with status 0. */
void child_expect_success(pid_t pid);

/* Kills the process with SIGKILL and waits for it. */
void child_kill(pid_t pid);

/*
 * As root: makes the calling child an ordinary user, permanently. 0 on success.
 */
int child_drop_root(void);

/* A pipe by which one process signals its progress to another. */
struct signal_pipe {
	int fds[2];
};

enum signal_end {
	SIGNAL_AWAITS,
	SIGNAL_SENDS,
};

void signal_make(struct signal_pipe *pipe);
void signal_send(struct signal_pipe *pipe);

/* Aborts if none comes within a minute, or nobody is left to send one. */
void signal_await(struct signal_pipe *pipe);

/*
 * Closes the other end in this process. Whoever awaits a signal and holds the
 * sending end himself does not notice that the sender has ended.
 */
void signal_keep(struct signal_pipe *pipe, enum signal_end end);
void signal_close(struct signal_pipe *pipe);

/* Random numbers; the seed is APITOKEN_SEED, or 1, and is printed. */
struct unit_random {
	uint64_t state;
};

void unit_random_start(struct unit_random *random);
uint32_t unit_random_below(struct unit_random *random, uint32_t bound);

#endif
