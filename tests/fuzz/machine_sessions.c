/* The list of sessions, as it is seen from outside of the module. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "machine.h"
#include "machine_store.h"
#include "session/rundir.h"
#include "session/session_list.h"

/* Looks for sessions of a token: of one process, or of any that has ended. */
static bool
find_session(unsigned token, const struct process *process)
{
	char path[2 * MACHINE_PATH_SIZE];
	const struct dirent *entry;
	struct process found;
	bool is_found = false;
	DIR *entries;

	(void)snprintf(path, sizeof(path), "%s/" RUNDIR_SESSIONS, machine_run);
	entries = opendir(path);
	while (entries != NULL && (entry = readdir(entries)) != NULL) {
		const char *name = entry->d_name;

		if (strncmp(name, machine_tokens[token].id, TOKEN_ID_LEN) !=
			0 ||
		    !process_parse_name(name + TOKEN_ID_LEN + 1, &found))
			continue;
		if (process != NULL ? found.pid == process->pid
				    : found.pid < machine.first_alive)
			is_found = true;
	}
	if (entries != NULL)
		(void)closedir(entries);
	return is_found;
}

unsigned
machine_live_sessions(unsigned token)
{
	char path[2 * MACHINE_PATH_SIZE];
	const struct dirent *entry;
	struct process found;
	unsigned live = 0;
	DIR *entries;

	(void)snprintf(path, sizeof(path), "%s/" RUNDIR_SESSIONS, machine_run);
	entries = opendir(path);
	while (entries != NULL && (entry = readdir(entries)) != NULL) {
		const char *name = entry->d_name;

		if (strncmp(name, machine_tokens[token].id, TOKEN_ID_LEN) ==
			0 &&
		    process_parse_name(name + TOKEN_ID_LEN + 1, &found) &&
		    found.pid >= machine.first_alive)
			live++;
	}
	if (entries != NULL)
		(void)closedir(entries);
	return live;
}

bool
machine_is_listed(unsigned token, const struct process *process)
{
	return find_session(token, process);
}

bool
machine_has_ended_session(unsigned token)
{
	return find_session(token, NULL);
}

static enum err
compare_since(const struct session *session, void *arg)
{
	int64_t *since = arg;

	/* One that cannot be read may be the one. */
	if (session->since == *since || session->since == 0)
		*since = 0;
	return ERR_OK;
}

bool
machine_has_session_of(unsigned token, int64_t since)
{
	FUZZ_REQUIRE(session_each(machine_run, machine_tokens[token].id,
			 compare_since, &since, NULL) == ERR_OK);
	return since == 0;
}
