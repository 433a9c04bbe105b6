/*
 * A command of tokenadm, in which each system call and each allocation fails,
 * one after the other; or in each of whose system calls it is killed.
 *
 *	command faults|kills FEW PREPARED WORK COMMAND...
 *
 * Before each run WORK/now is made a copy of PREPARED. FEW runs are made, or
 * all with APITOKEN_TORTURE=yes; see plan.h.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "session/rundir.h"

#include "calls.h"
#include "plan.h"
#include "run.h"
#include "state.h"
#include "tree.h"

static const struct inject NONE = {.at = 0};

/* What is tried, and its undisturbed result. */
static struct {
	const char *prepared, *work;
	char now[256];
	char *const *argv;
	char *before, *after; /* states */
	char out[RUN_TEXT];   /* its output, if it only reads; or "" */
	int code;
	size_t files; /* that it leaves, or finds; more are an error */
	bool was_sound, writes, shows_token;
	bool sends; /* the fleet's engine has all of it afterwards */
} subject;

static void
prepare(void)
{
	tree_remove(subject.now);
	tree_copy(subject.prepared, subject.now);
	/* What an agent has seen in the state before may have been newer. */
	(void)unlink(RUNDIR "/" RUNDIR_FLEET "/heartbeat");
}

static void
look_undisturbed(struct run *run)
{
	const char *complaint;
	size_t files;

	prepare();
	state_settle(subject.work);
	subject.before = state_read(subject.work);
	subject.was_sound = state_is_sound(subject.work, &complaint);
	prepare();
	files = tree_count(subject.now);
	run_command(run, subject.argv, &NONE);
	subject.code = run_exit_code(run);
	subject.sends = subject.code == 0 && state_is_sent(subject.work);
	state_settle(subject.work);
	subject.after = state_read(subject.work);
	subject.writes = strcmp(subject.before, subject.after) != 0;
	subject.shows_token = strstr(run->out, "atk_") != NULL;
	if (!subject.writes && !subject.shows_token)
		strcpy(subject.out, run->out);
	subject.files = tree_count(subject.now);
	if (files > subject.files)
		subject.files = files;
	if (subject.code < 0)
		errx(EXIT_FAILURE, "undisturbed, it is ended by a signal");
	if (subject.code != 0)
		printf("# it exits with %d\n", subject.code);
}

/* The state that it left, which must be the old or the new one. */
enum left {
	OLD,
	NEW,
	NEITHER,
};

static enum left
look_at_state(void)
{
	char *state = state_read(subject.work);
	enum left left = NEITHER;

	if (strcmp(state, subject.after) == 0)
		left = NEW;
	else if (strcmp(state, subject.before) == 0)
		left = OLD;
	if (left == NEITHER)
		printf("# this is neither old nor new:\n%s", state);
	free(state);
	return left;
}

/* NULL, or what is wrong with the store. */
static const char *
judge_store(enum left left)
{
	const char *complaint;

	if (left == NEITHER)
		return "neither the old state nor the new";
	if (left == OLD && !subject.was_sound)
		return NULL;
	return state_is_sound(subject.work, &complaint) ? NULL : complaint;
}

/* Repair treats what cannot be read as damaged, and continues without it. */
static bool
is_bad_spot(const struct run *run)
{
	return !subject.was_sound && run_exit_code(run) == 0 &&
	    run->seen.number == SYS_pread64;
}

/*
 * Whether every token that was shown, or written to the output file, is valid.
 */
static bool
tokens_live(const struct run *run)
{
	char *output = state_output(subject.work);
	bool live = state_has_tokens(subject.work, run->out) &&
	    state_has_tokens(subject.work, output);

	free(output);
	return live;
}

static const char *
judge_success(
    const struct run *run, const struct inject *inject, enum left left)
{
	if (subject.code != 0)
		return "succeeded where it must not";
	if (subject.sends && !run->was_sent)
		return "succeeded, and it is not sent";
	if (left != NEW && !is_bad_spot(run))
		return "succeeded, and nothing was written";
	/* Without memory, libsmartcols prints less and reports nothing. */
	if (subject.out[0] != '\0' && strcmp(subject.out, run->out) != 0 &&
	    !(inject->kind == INJECT_ALLOCATION &&
		(inject->stays || subject.out[0] != '{')))
		return "succeeded, and did not print all of it";
	return tokens_live(run) ? NULL : "succeeded, and a token does not live";
}

/* What a caller may do after EINTR. */
static bool
must_succeed(const struct run *run, const struct inject *inject)
{
	return !run->seen.hit ||
	    (inject->kind == INJECT_CALL && inject->error == EINTR &&
		calls_is_retried(run->seen.number) &&
		!calls_is_of_libc(run->seen.number));
}

/*
 * What comes after the last write may fail: the sync of the file or its
 * directory, without which it may be lost; and the message that it is done. But
 * a token that could not be shown must not be valid.
 */
static bool
is_too_late(const struct run *run)
{
	if (run->seen.number == SYS_write)
		return !subject.shows_token;
	return run->seen.number == SYS_fsync ||
	    run->seen.number == SYS_fdatasync || run->seen.number == SYS_openat;
}

/* Of what fails after that, a message of the command says that it is done. */
static bool
says_written(const char *text)
{
	static const char *const MESSAGES[] = {"the tokens are revoked, but",
	    "not confirmed by the fleet's engine; will be retried",
	    "the fleet has it, but on this machine it does not hold yet",
	    "nothing was issued: the fleet's engine did not confirm it",
	    "nothing was issued: on this machine it would not hold",
	    "was not confirmed, and not withdrawn; revoke it",
	    "what could be repaired is; but",
	    "The damaged database is kept as"};

	for (size_t i = 0; i < sizeof(MESSAGES) / sizeof(MESSAGES[0]); i++)
		if (strstr(text, MESSAGES[i]) != NULL)
			return true;
	return false;
}

/* libsodium aborts if it starts without random numbers. */
static bool
is_libsodiums(const struct run *run)
{
	return run->seen.number == SYS_getrandom && WIFSIGNALED(run->status) &&
	    WTERMSIG(run->status) == SIGABRT;
}

/*
 * A temporary file that cannot be looked at may be another writer's. The next
 * writer removes it.
 */
static bool
may_be_anothers(const struct run *run, const struct inject *inject)
{
	return run->seen.number == SYS_newfstatat && inject->stays;
}

/* After a fault. NULL, or what is wrong. */
static const char *
judge_fault(const struct run *run, const struct inject *inject)
{
	enum left left = look_at_state();
	const char *wrong = judge_store(is_bad_spot(run) ? NEW : left);
	int code = run_exit_code(run);

	if (run->hung)
		return "hangs";
	if (wrong != NULL)
		return wrong;
	if (code < 0)
		return (left == OLD || !subject.writes) && is_libsodiums(run)
		    ? NULL
		    : "crashed";
	if (code == 0)
		return judge_success(run, inject, left);
	if (must_succeed(run, inject) && code != subject.code)
		return "failed for nothing";
	if (run->error[0] == '\0' && run->out[0] == '\0' &&
	    run->seen.number != SYS_write)
		return "failed without a word";
	if (left == NEW && subject.writes && !is_too_late(run) &&
	    !says_written(run->error) && !says_written(run->out))
		return "failed, and it is written";
	return tree_count(subject.now) > subject.files &&
		!may_be_anothers(run, inject)
	    ? "leaves a file"
	    : NULL;
}

/* After a kill, the same command completes the rest. */
static const char *
judge_kill(const struct run *run)
{
	static struct run again;
	const char *wrong = judge_store(look_at_state());

	if (run->hung)
		return "hangs";
	if (wrong != NULL)
		return wrong;
	if (run->seen.hit && run_exit_code(run) >= 0)
		return "was not killed";
	if (!state_has_tokens(subject.work, run->out))
		return "has shown a token that does not live";
	run_command(&again, subject.argv, &NONE);
	state_settle(subject.work);
	if (run_exit_code(&again) < 0)
		return "crashed, the next time";
	wrong = judge_store(look_at_state());
	if (wrong != NULL)
		return wrong;
	return look_at_state() == NEW ? NULL : "not done, the next time";
}

static bool
try(const struct inject *inject)
{
	static struct run run;
	char name[PLAN_NAME];
	const char *wrong;

	prepare();
	run_command(&run, subject.argv, inject);
	run.was_sent = run_exit_code(&run) != 0 || state_is_sent(subject.work);
	state_settle(subject.work);
	wrong = inject->error == INJECT_KILL ? judge_kill(&run)
					     : judge_fault(&run, inject);
	if (wrong == NULL)
		return true;
	plan_name(inject, name);
	printf("%s: %s: %s; status %#x: %sagain: APITOKEN_CASE='%s'\n",
	    subject.argv[1], plan_text(inject, &run.seen), wrong,
	    (unsigned)run.status, run.error[0] != '\0' ? run.error : "\n",
	    name);
	return false;
}

int
main(int argc, char **argv)
{
	static struct run run;
	size_t failed = 0;
	struct inject inject;
	struct plan plan;
	bool kills;

	if (argc < 6)
		errx(2, "faults|kills FEW PREPARED WORK COMMAND...");
	kills = strcmp(argv[1], "kills") == 0;
	subject.prepared = argv[3];
	subject.work = argv[4];
	subject.argv = argv + 5;
	(void)snprintf(
	    subject.now, sizeof(subject.now), "%s/" STATE_NOW, subject.work);
	look_undisturbed(&run);
	plan_start(&plan, &run.seen, kills ? PLAN_KILLS : PLAN_FAULTS,
	    strtoul(argv[2], NULL, 10));
	while (plan_next(&plan, &inject))
		failed += !try(&inject);
	printf("# %zu %s of %zu, in %u calls and %u allocations; %zu failed\n",
	    plan.tried, argv[1], plan.all, plan.undisturbed.calls,
	    plan.undisturbed.allocations, failed);
	return failed > 0;
}
