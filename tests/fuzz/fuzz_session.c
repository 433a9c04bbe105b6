/*
 * A file in the list of live sessions: its name, up to the first newline of the
 * input, and its content. The directory exists in memory only.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "session/rundir.h"
#include "session/session_list.h"

#define FILE_MAX 4096

/* The one file there is. */
static char file_name[RUNDIR_NAME_MAX + 256];
static uint8_t file_bytes[FILE_MAX];
static size_t file_len;
static bool is_unreadable;

static const struct process SELF = {4711, 815};

/* Replaces rundir.c and process.c for session_list.c. */
enum err __wrap_rundir_open(int *dir, const char *path, const char *part,
    enum rundir_mode mode, struct error *why);
enum err __wrap_rundir_add(int dir, const char *name, const uint8_t *bytes,
    size_t len, struct error *why);
enum err __wrap_rundir_read(int dir, const char *name, uint8_t *bytes,
    size_t size, size_t *len, struct error *why);
enum err __wrap_rundir_each(
    int dir, rundir_visitor *visit, void *arg, struct error *why);
enum err __wrap_process_self(struct process *self, struct error *why);

enum err
__wrap_rundir_open(int *dir, const char *path, const char *part,
    enum rundir_mode mode, struct error *why)
{
	(void)path;
	(void)part;
	(void)mode;
	(void)why;
	*dir = -1;
	return ERR_OK;
}

enum err
__wrap_rundir_add(int dir, const char *name, const uint8_t *bytes, size_t len,
    struct error *why)
{
	(void)dir;
	(void)why;
	FUZZ_REQUIRE(len < sizeof(file_bytes));
	FUZZ_REQUIRE(strlen(name) < RUNDIR_NAME_MAX);
	strcpy(file_name, name);
	memcpy(file_bytes, bytes, len);
	file_len = len;
	return ERR_OK;
}

enum err
__wrap_rundir_read(int dir, const char *name, uint8_t *bytes, size_t size,
    size_t *len, struct error *why)
{
	(void)dir;
	(void)why;
	FUZZ_REQUIRE(strcmp(name, file_name) == 0);
	if (is_unreadable)
		return ERR_SYSTEM;
	*len = file_len <= size ? file_len : size + 1;
	memcpy(bytes, file_bytes, file_len <= size ? file_len : size);
	return ERR_OK;
}

enum err
__wrap_rundir_each(int dir, rundir_visitor *visit, void *arg, struct error *why)
{
	(void)dir;
	(void)why;
	return visit(file_name, arg);
}

enum err
__wrap_process_self(struct process *self, struct error *why)
{
	(void)why;
	*self = SELF;
	return ERR_OK;
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

/* Whether the file is a session's, and which. */
static bool
read_file(struct session *session)
{
	struct found found = {.count = 0};

	FUZZ_REQUIRE(session_each("/run", NULL, keep, &found, NULL) == ERR_OK);
	*session = found.session;
	return found.count == 1;
}

static bool
is_text(const char *text)
{
	return text[0] == '\0' || parse_is_printable(text, strlen(text));
}

static void
check_session(const struct session *session)
{
	FUZZ_REQUIRE(strlen(session->id) == TOKEN_ID_LEN);
	FUZZ_REQUIRE(strncmp(file_name, session->id, TOKEN_ID_LEN) == 0);
	FUZZ_REQUIRE(session->process.pid > 0 && session->number <= 999);
	FUZZ_REQUIRE(session->since >= 0);
	FUZZ_REQUIRE(session->lifetime <= RECORD_UNTIL_LOGOUT);
	FUZZ_REQUIRE(is_text(session->user) && is_text(session->name) &&
	    is_text(session->service) && is_text(session->from) &&
	    is_text(session->tty) && is_text(session->before.scope));
}

/* Enters it as one of ours, and finds it again with all its data. */
static void
check_entered(const struct session *session)
{
	struct session entered = *session, again;

	entered.process = (struct process){0};
	FUZZ_REQUIRE(session_enter("/run", &entered, NULL) == ERR_OK);
	FUZZ_REQUIRE(read_file(&again));
	FUZZ_REQUIRE(strcmp(again.id, session->id) == 0);
	FUZZ_REQUIRE(again.process.pid == SELF.pid);
	FUZZ_REQUIRE(again.process.start == SELF.start);
	FUZZ_REQUIRE(again.number == 0);
	FUZZ_REQUIRE(strcmp(again.user, session->user) == 0);
	FUZZ_REQUIRE(strcmp(again.name, session->name) == 0);
	FUZZ_REQUIRE(strcmp(again.service, session->service) == 0);
	FUZZ_REQUIRE(strcmp(again.from, session->from) == 0);
	FUZZ_REQUIRE(strcmp(again.tty, session->tty) == 0);
	FUZZ_REQUIRE(again.since == session->since);
	FUZZ_REQUIRE(again.lifetime == session->lifetime);
	FUZZ_REQUIRE(again.before.is_known == session->before.is_known);
	FUZZ_REQUIRE(!session->before.is_known ||
	    again.before.audit == session->before.audit);
	FUZZ_REQUIRE(strcmp(again.before.scope, session->before.scope) == 0);
	FUZZ_REQUIRE(again.is_shared == session->is_shared);
}

/* Only what its name says is known, which is enough to end it. */
static void
check_name_only(void)
{
	struct session found;

	FUZZ_REQUIRE(read_file(&found));
	FUZZ_REQUIRE(found.process.pid == SELF.pid && found.number == 0);
	FUZZ_REQUIRE(found.user[0] == '\0' && found.name[0] == '\0' &&
	    found.service[0] == '\0' && found.from[0] == '\0' &&
	    found.tty[0] == '\0' && found.since == 0);
	FUZZ_REQUIRE(found.lifetime == RECORD_UNTIL_LOGOUT);
	FUZZ_REQUIRE(!found.before.is_known && found.is_shared);
}

/* The entered file: longer, truncated anywhere, and unreadable. */
static void
check_damaged(size_t where)
{
	file_bytes[file_len++] = '\n';
	check_name_only();
	file_len = where % (file_len - 1);
	check_name_only();
	is_unreadable = true;
	check_name_only();
	is_unreadable = false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t len = newline != NULL ? (size_t)(newline - data) : size;
	struct session session;

	/* The longest possible name of a file. */
	if (len > 255 || size - len > sizeof(file_bytes))
		return 0;
	if (size > 0)
		memcpy(file_name, data, len);
	file_name[len] = '\0';
	file_len = newline != NULL ? size - len - 1 : 0;
	if (file_len > 0)
		memcpy(file_bytes, newline + 1, file_len);
	if (!read_file(&session))
		return 0;
	check_session(&session);
	check_entered(&session);
	check_damaged(size);
	return 0;
}
