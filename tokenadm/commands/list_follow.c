#include "commands/list_follow.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "cli/changed_lines.h"
#include "cli/file_watch.h"
#include "cli/json.h"
#include "cli/text.h"
#include "own/own_front.h"
#include "store/store.h"
#include "tokens/token_pages.h"

#define PAUSE 1000     /* milliseconds between two looks at the store */
#define OWN_PAUSE 5000 /* at the door, where each costs a process of root's */
#define SHARE 10       /* a look takes a tenth of the time at the most */
#define TICK 60000     /* milliseconds after which the clock is looked at */

struct follow {
	struct context *context;
	const struct list_filter *filter;
	const char *user; /* NULL: all */
	struct changed_lines lines;
	bool is_ready; /* the first look is over */
	bool is_over;  /* nobody reads any more */
	int64_t next;  /* when time alone changes something; seconds */
	/* One look, which takes every line. */
	enum err (*look)(struct follow *follow);
};

/*
 * A signal ends a wait at once, and a look when it is over: what is written
 * ends with a whole line then, if somebody reads it.
 */
static volatile sig_atomic_t is_waiting, is_ended;

static void
end_now(int number)
{
	(void)number;
	if (is_waiting)
		_exit(EXIT_SUCCESS);
	is_ended = true;
}

static void
end_by_signals(void)
{
	static const int SIGNALS[] = {SIGTERM, SIGINT, SIGHUP};
	const struct sigaction action = {.sa_handler = end_now};

	for (size_t i = 0; i < sizeof(SIGNALS) / sizeof(SIGNALS[0]); i++)
		(void)sigaction(SIGNALS[i], &action, NULL);
}

/* Waits until fd (-1: none) is readable, or nobody reads stdout any more. */
static bool
await(struct follow *follow, int fd, int64_t milliseconds)
{
	struct pollfd fds[] = {
	    {.fd = STDOUT_FILENO, .events = 0},
	    {.fd = fd, .events = POLLIN},
	};

	int got = 0;

	is_waiting = true;
	if (!is_ended)
		got = poll(fds, 2, (int)milliseconds);
	is_waiting = false;
	if (got < 0 && errno != EINTR)
		return true;
	follow->is_over = is_ended ||
	    (fds[0].revents & (POLLERR | POLLHUP)) != 0;
	return fds[1].revents != 0;
}

/* Writes what is in the buffer; if nobody takes it, that is the end. */
static enum err
flush(struct follow *follow)
{
	if (text_flush(stdout) == ERR_OK)
		return ERR_OK;
	(void)await(follow, -1, 0);
	if (!follow->is_over)
		return text_not_written(&follow->context->error);
	__fpurge(stdout);
	clearerr(stdout);
	return ERR_OK;
}

/* A line of JSON, as list --json has it. */
static enum err
take(struct follow *follow, const char *id, const char *line)
{
	bool changed;
	enum err rc = changed_lines_take(&follow->lines, id, line, &changed);

	if (rc == ERR_OK && changed)
		printf("{\"event\": \"%s\", \"token\": %s}\n",
		    follow->is_ready ? "changed" : "token", line);
	return rc;
}

static void
print_gone(const char *id, void *arg)
{
	(void)arg;
	printf("{\"event\": \"removed\", \"id\": \"%s\"}\n", id);
}

/* One look, and what it has found. */
static enum err
look(struct follow *follow)
{
	enum err rc = follow->look(follow);

	/* Whoever has waited for the lock too long tries again, soon. */
	if (rc == ERR_BUSY && follow->is_ready) {
		changed_lines_drop(&follow->lines);
		follow->next = 0;
		return ERR_OK;
	}
	if (rc == ERR_OK)
		changed_lines_end(&follow->lines, print_gone, follow);
	else if (rc == ERR_NOMEM)
		(void)error_plain(&follow->context->error, rc);
	if (rc == ERR_OK && !follow->is_ready)
		puts("{\"event\": \"ready\"}");
	follow->is_ready = true;
	return rc == ERR_OK ? flush(follow) : rc;
}

/* Looks, and rests as long as that wants. */
static enum err
look_and_rest(struct follow *follow, int64_t pause)
{
	int64_t begun = deadline_in(0), taken;
	enum err rc;

	follow->context->now = time(NULL);
	follow->next = INT64_MAX;
	rc = look(follow);
	/* Waiting for the lock, as next says, is no work. */
	taken = follow->next == 0 ? 0 : SHARE * -deadline_left(begun);
	if (rc == ERR_OK && !follow->is_over)
		(void)await(follow, -1, taken > pause ? taken : pause);
	return rc;
}

static enum err
visit(const struct record *record, const struct last_use *usage, void *arg)
{
	struct follow *follow = arg;
	char *line;
	enum err rc;

	list_filter_foresee(follow->filter, record, usage, &follow->next);
	if (!list_filter_wants(follow->filter, record, usage))
		return ERR_OK;
	line = json_token_line(
	    record, usage, &origin_here, follow->context->now);
	rc = line != NULL ? take(follow, record->id, line) : ERR_NOMEM;
	free(line);
	return rc;
}

static enum err
look_at_store(struct follow *follow)
{
	return token_pages_each(follow->context, follow->user, visit, follow);
}

/* Before a look, so that no change is missed. */
static enum err
watch(struct follow *follow, struct file_watch *files)
{
	const struct config *config = &follow->context->config;
	char database[STORE_PATH_SIZE], uses[STORE_PATH_SIZE];
	const char *const paths[] = {database, uses};

	store_path(config, STORE_DATABASE, database);
	store_path(config, LAST_USE_DATABASE, uses);
	return file_watch_begin(files, paths, 2, &follow->context->error);
}

/* Until the files have changed, or something does by time, or the clock. */
static void
await_change(struct follow *follow, struct file_watch *files)
{
	int64_t before = follow->context->now;

	while (!follow->is_over) {
		int64_t now = time(NULL);
		int64_t left = follow->next - now;

		if (left <= 0 || now < before)
			return;
		left = left < TICK / 1000 ? left * 1000 : TICK;
		if (await(follow, files->fd, left) && file_watch_read(files))
			return;
		before = now;
	}
}

enum err
list_follow(
    struct context *context, const struct list_filter *filter, const char *user)
{
	struct follow follow = {
	    .context = context,
	    .filter = filter,
	    .user = user,
	    .look = look_at_store,
	};
	enum err rc = ERR_OK;

	end_by_signals();
	while (rc == ERR_OK && !follow.is_over) {
		struct file_watch files;

		rc = watch(&follow, &files);
		if (rc != ERR_OK)
			break;
		rc = look_and_rest(&follow, PAUSE);
		if (rc == ERR_OK)
			await_change(&follow, &files);
		file_watch_end(&files);
	}
	changed_lines_free(&follow.lines);
	return rc;
}

#define OBJECT "{\"id\": \""

/* Takes the objects of list --json: each stands on a line of its own. */
static enum err
take_all(struct follow *follow, char *text)
{
	enum err rc = ERR_OK;
	char *line;

	while (rc == ERR_OK && (line = strsep(&text, "\n")) != NULL) {
		const char *id = line + strlen(OBJECT);
		size_t len = strlen(line);
		char copy[CHANGED_LINES_ID_MAX + 1];

		if (strncmp(line, OBJECT, strlen(OBJECT)) != 0)
			continue;
		if (line[len - 1] == ',')
			line[len - 1] = '\0';
		(void)snprintf(
		    copy, sizeof(copy), "%.*s", (int)strcspn(id, "\""), id);
		rc = take(follow, copy, line);
	}
	return rc;
}

struct own_follow {
	struct follow follow;
	struct args args; /* list --json, with what was asked for */
};

static enum err
look_through_door(struct follow *follow)
{
	struct own_follow *own = (struct own_follow *)follow;
	char *text = NULL;
	enum err rc = own_front_collect(
	    follow->context, &command_list, &own->args, &text);

	if (rc == ERR_OK)
		rc = take_all(follow, text);
	free(text);
	return rc;
}

enum err
list_follow_own(struct context *context, const struct args *args)
{
	struct own_follow own = {
	    .follow = {.context = context, .look = look_through_door},
	    .args = *args,
	};
	enum err rc = ERR_OK;

	args_set(&own.args, "follow", NULL);
	args_set(&own.args, "json", "");
	end_by_signals();
	while (rc == ERR_OK && !own.follow.is_over)
		rc = look_and_rest(&own.follow, OWN_PAUSE);
	changed_lines_free(&own.follow.lines);
	return rc;
}
