#include "session/session_list.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "session/rundir.h"
#include "session/session_text.h"

#define NUMBER_MAX 999 /* sessions of one token in one process */
#define PRUNE_TURNS 16

/* ID.PID-START.NUMBER */
static void
name_file(const struct session *session, char name[RUNDIR_NAME_MAX])
{
	char process[PROCESS_NAME_LEN + 1];

	process_name(&session->process, process);
	(void)snprintf(name, RUNDIR_NAME_MAX, "%s.%s.%u", session->id, process,
	    session->number);
}

static bool
parse_file_name(const char *name, struct session *session)
{
	char again[RUNDIR_NAME_MAX];
	uint64_t number;
	const char *dot;

	if (strlen(name) <= TOKEN_ID_LEN || name[TOKEN_ID_LEN] != '.' ||
	    !process_parse_name(name + TOKEN_ID_LEN + 1, &session->process))
		return false;
	dot = strrchr(name, '.');
	if (!parse_number(dot + 1, NUMBER_MAX, &number))
		return false;
	memcpy(session->id, name, TOKEN_ID_LEN);
	session->id[TOKEN_ID_LEN] = '\0';
	session->number = (unsigned)number;
	name_file(session, again);
	return strcmp(again, name) == 0;
}

/*
 * Adds the content of a session's file to what its name says; false if it is
 * gone. If it is unreadable or damaged, the name is enough to find the session
 * and to end it: otherwise a token that ends with it would live on. The record
 * then tells whether the token does, and the process counts as shared.
 */
static bool
read_session(int dir, const char *name, struct session *session)
{
	char text[SESSION_TEXT_MAX + 1];
	struct session whole = *session;
	size_t len = 0;
	enum err rc = rundir_read(
	    dir, name, (uint8_t *)text, SESSION_TEXT_MAX, &len, NULL);

	if (rc == ERR_MISSING)
		return false;
	session->lifetime = RECORD_UNTIL_LOGOUT;
	session->is_shared = true;
	if (rc != ERR_OK || len > SESSION_TEXT_MAX)
		return true;
	text[len] = '\0';
	if (strlen(text) == len && session_text_decode(&whole, text))
		*session = whole;
	return true;
}

/* Adds it under the first number that is free for this process. */
static enum err
add(int dir, struct session *session, struct error *why)
{
	char text[SESSION_TEXT_MAX], name[RUNDIR_NAME_MAX];
	size_t len = session_text_encode(session, text);

	for (unsigned i = 0; i <= NUMBER_MAX; i++) {
		enum err rc;

		session->number = i;
		name_file(session, name);
		if (faccessat(dir, name, F_OK, 0) == 0)
			continue;
		/* Another thread may have been faster. */
		rc = rundir_add(dir, name, (const uint8_t *)text, len, why);
		if (rc != ERR_EXISTS)
			return rc;
	}
	return error_set(why, ERR_SYSTEM, "too many sessions of one process");
}

/* Removes what a confined host could not, and what one has not finished. */
struct pruning {
	int dir;
	unsigned turn;
};

static enum err
prune_one(const char *name, void *arg)
{
	const struct pruning *pruning = arg;
	struct session session = {.number = 0};

	if (!parse_file_name(name, &session)) {
		rundir_remove_stale(pruning->dir, name);
		return ERR_OK;
	}
	/* A part at a time: a login must not pay for thousands of sessions. */
	if (session.process.pid % PRUNE_TURNS == pruning->turn &&
	    session_is_over(&session) &&
	    read_session(pruning->dir, name, &session) &&
	    session.lifetime != RECORD_UNTIL_LOGOUT)
		(void)rundir_remove(pruning->dir, name, NULL);
	return ERR_OK;
}

/* Not by the clock: logins at fixed times would get one turn only. */
static unsigned
draw_turn(void)
{
	uint8_t byte;

	/* Any turn will do, as long as it is not always the same. */
	return crypto_random(&byte, sizeof(byte)) == ERR_OK ? byte % PRUNE_TURNS
							    : 0;
}

enum err
session_enter(const char *run, struct session *session, struct error *why)
{
	struct pruning pruning = {.turn = draw_turn()};
	enum err rc = session->process.pid != 0
	    ? ERR_OK
	    : process_self(&session->process, why);

	if (rc == ERR_OK)
		rc = rundir_open(
		    &pruning.dir, run, RUNDIR_SESSIONS, RUNDIR_MAKE, why);
	if (rc != ERR_OK)
		return rc;
	(void)rundir_each(pruning.dir, prune_one, &pruning, NULL);
	rc = add(pruning.dir, session, why);
	(void)close(pruning.dir);
	return rc;
}

enum err
session_leave(const char *run, const struct session *session, struct error *why)
{
	char name[RUNDIR_NAME_MAX];
	int dir;
	enum err rc = rundir_open(&dir, run, RUNDIR_SESSIONS, RUNDIR_LOOK, why);

	if (rc != ERR_OK)
		return rc == ERR_MISSING ? ERR_OK : rc;
	name_file(session, name);
	rc = rundir_remove(dir, name, why);
	(void)close(dir);
	return rc;
}

/* For every file of the list, whose directory is *dir meanwhile. */
static enum err
each_file(const char *run, int *dir, rundir_visitor *visit, void *arg,
    struct error *why)
{
	enum err rc = rundir_open(dir, run, RUNDIR_SESSIONS, RUNDIR_LOOK, why);

	if (rc != ERR_OK)
		return rc == ERR_MISSING ? ERR_OK : rc;
	rc = rundir_each(*dir, visit, arg, why);
	(void)close(*dir);
	return rc;
}

struct reading {
	int dir;
	const char *id;
	session_visitor *visit;
	void *arg;
};

static enum err
read_one(const char *name, void *arg)
{
	const struct reading *reading = arg;
	struct session session = {.number = 0};

	if (!parse_file_name(name, &session) ||
	    (reading->id != NULL && strcmp(session.id, reading->id) != 0) ||
	    !read_session(reading->dir, name, &session))
		return ERR_OK;
	return reading->visit(&session, reading->arg);
}

enum err
session_each(const char *run, const char *id, session_visitor *visit, void *arg,
    struct error *why)
{
	struct reading reading = {.id = id, .visit = visit, .arg = arg};

	return each_file(run, &reading.dir, read_one, &reading, why);
}

bool
session_look_again(const char *run, struct session *session)
{
	char name[RUNDIR_NAME_MAX];
	int dir;
	enum err rc = rundir_open(
	    &dir, run, RUNDIR_SESSIONS, RUNDIR_LOOK, NULL);
	bool is_there = rc != ERR_MISSING;

	if (rc != ERR_OK) {
		session->is_shared = session->is_shared || is_there;
		return is_there;
	}
	name_file(session, name);
	is_there = read_session(dir, name, session);
	(void)close(dir);
	return is_there;
}

struct counting {
	const char *id;
	uint32_t live;
};

static enum err
count_one(const char *name, void *arg)
{
	struct counting *counting = arg;
	struct session session = {.number = 0};

	if (parse_file_name(name, &session) &&
	    strcmp(session.id, counting->id) == 0 && !session_is_over(&session))
		counting->live++;
	return ERR_OK;
}

enum err
session_count(
    const char *run, const char *id, uint32_t *live, struct error *why)
{
	struct counting counting = {.id = id};
	int dir;
	enum err rc = each_file(run, &dir, count_one, &counting, why);

	*live = counting.live;
	return rc;
}

struct sharing {
	int dir;
	struct process self;
};

static enum err
share_one(const char *name, void *arg)
{
	const struct sharing *sharing = arg;
	struct session session = {.number = 0};
	enum err rc;

	if (!parse_file_name(name, &session) ||
	    !process_is_same(&session.process, &sharing->self))
		return ERR_OK;
	/*
	 * Where it stands: a file written anew would bring back a session that
	 * another thread ends. One that is damaged counts as shared already.
	 */
	rc = rundir_write_end(sharing->dir, name,
	    (const uint8_t *)SESSION_TEXT_SHARED, strlen(SESSION_TEXT_SHARED),
	    NULL);
	return rc == ERR_SYSTEM ? rc : ERR_OK;
}

enum err
session_share(const char *run, struct error *why)
{
	struct sharing sharing;
	enum err rc = process_self(&sharing.self, why);

	return rc == ERR_OK
	    ? each_file(run, &sharing.dir, share_one, &sharing, why)
	    : rc;
}

bool
session_is_over(const struct session *session)
{
	return process_is_gone(&session->process);
}
