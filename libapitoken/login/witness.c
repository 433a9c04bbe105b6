#include "login/witness.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "account/account.h"
#include "account/name_services.h"
#include "lifecycle/policy.h"
#include "store/store.h"

/* More than what clocks drift apart in a login, less than WITNESS_REST. */
#define APART_MAX INT64_C(1000000000) /* nanoseconds */

/* Where a file is; path is room for a name that has to be made. */
static const char *
path_of(const struct witness *witness, enum witness_file file,
    char path[STORE_PATH_SIZE])
{
	switch (file) {
	case WITNESS_CONFIG:
		return witness->config;
	case WITNESS_NAME_SERVICES:
		return NAME_SERVICES_FILE;
	case WITNESS_PASSWD:
		return "/etc/passwd";
	case WITNESS_SHADOW:
		return "/etc/shadow";
	case WITNESS_DIRECTORY:
		return witness->directory;
	case WITNESS_DATABASE:
		(void)snprintf(path, STORE_PATH_SIZE, "%s/" STORE_DATABASE,
		    witness->directory);
		return path;
	case WITNESS_LOCK:
		(void)snprintf(path, STORE_PATH_SIZE, "%s/" STORE_LOCK,
		    witness->directory);
		return path;
	case WITNESS_KEY:
		return witness->key;
	}
	return NULL;
}

/* Ours are not opened through a link; libc's may be one, as by authselect(8).
 */
static enum file_mark_links
links_of(enum witness_file file)
{
	switch (file) {
	case WITNESS_NAME_SERVICES:
	case WITNESS_PASSWD:
	case WITNESS_SHADOW:
		return FILE_MARK_FOLLOW;
	default:
		return FILE_MARK_NO_LINK;
	}
}

/* Marks the files from first on. */
static bool
look(const struct witness *witness, struct file_mark marks[WITNESS_FILES],
    enum witness_file first)
{
	bool is_known = true;

	for (unsigned i = first; is_known && i < WITNESS_FILES; i++) {
		enum witness_file file = (enum witness_file)i;
		char path[STORE_PATH_SIZE];

		is_known = file_mark_take(
		    &marks[i], path_of(witness, file, path), links_of(file));
		/* Without a configuration, all is as it is by default. */
		if (is_known && i != WITNESS_CONFIG)
			is_known = marks[i].exists;
	}
	return is_known;
}

static bool
is_unchanged(const struct witness *witness)
{
	struct file_mark marks[WITNESS_FILES];

	if (!look(witness, marks, WITNESS_CONFIG))
		return false;
	for (unsigned i = 0; i < WITNESS_FILES; i++)
		if (!file_mark_equals(&marks[i], &witness->marks[i]))
			return false;
	return true;
}

static bool
were_at_rest(const struct witness *witness)
{
	for (unsigned i = 0; i < WITNESS_FILES; i++)
		if (!file_mark_was_at_rest(&witness->marks[i],
			witness->begun.real.tv_sec, WITNESS_REST))
			return false;
	return true;
}

static bool
are_trusted(const struct witness *witness)
{
	const struct file_mark *last = NULL;

	for (unsigned i = 0; i < WITNESS_FILES; i++) {
		const struct file_mark *mark = &witness->marks[i];
		char path[STORE_PATH_SIZE];

		if (!mark->exists ||
		    (last != NULL && last->device == mark->device))
			continue;
		if (!file_mark_is_trusted(
			path_of(witness, (enum witness_file)i, path)))
			return false;
		last = mark;
	}
	return true;
}

void
witness_begin(
    struct witness *witness, const char *file, const struct witness_time *now)
{
	const char *path = config_file_name(file);

	*witness = (struct witness){.begun = *now};
	if (strlen(path) >= sizeof(witness->config))
		return;
	strcpy(witness->config, path);
	witness->is_seen = file_mark_take(
	    &witness->marks[WITNESS_CONFIG], path, links_of(WITNESS_CONFIG));
}

void
witness_look(struct witness *witness, const struct config *config)
{
	strcpy(witness->directory, config->directory);
	strcpy(witness->key, config->key);
	/* Groups have members that no file shows. */
	witness->is_seen = witness->is_seen &&
	    !policy_requires_groups(config) &&
	    look(witness, witness->marks, WITNESS_NAME_SERVICES);
}

/*
 * Whether it rests on these files alone: other name services have no file,
 * sessions are counted elsewhere, and a fleet's token rests on more. (A token
 * for one login has changed the database by being used.)
 */
static bool
rests_on_files(const struct attempt_outcome *outcome)
{
	return outcome->verdict.accepted &&
	    outcome->verdict.account_is_from_files &&
	    outcome->record.max_sessions == 0 &&
	    outcome->verdict.fleet.answer == FLEET_NOT_ASKED;
}

/* False if it does not fit. */
static bool
keep(char kept[WITNESS_TEXT_MAX + 1], const char *text)
{
	if (text == NULL)
		text = "";
	if (strlen(text) > WITNESS_TEXT_MAX)
		return false;
	strcpy(kept, text);
	return true;
}

static bool
is_kept(const char *kept, const char *text)
{
	return strcmp(kept, text != NULL ? text : "") == 0;
}

void
witness_finish(struct witness *witness, const struct attempt *attempt,
    const struct attempt_outcome *outcome)
{
	int64_t expires = outcome->record.expires;
	int64_t day_end = account_day_end(attempt->now);

	witness->euid = geteuid();
	witness->from = attempt->now;
	witness->until = expires < day_end ? expires : day_end;
	witness->is_good = witness->is_seen && rests_on_files(outcome) &&
	    keep(witness->service, attempt->service) &&
	    keep(witness->address, attempt->from) && were_at_rest(witness);
}

static int64_t
nanoseconds(const struct timespec *from, const struct timespec *to)
{
	return (int64_t)(to->tv_sec - from->tv_sec) * 1000000000 +
	    (to->tv_nsec - from->tv_nsec);
}

/* A clock that was set may stamp a change as something older. */
static bool
have_clocks_moved_alike(
    const struct witness_time *from, const struct witness_time *to)
{
	int64_t apart = nanoseconds(&from->real, &to->real) -
	    nanoseconds(&from->boot, &to->boot);

	return apart < APART_MAX && apart > -APART_MAX;
}

bool
witness_stands(const struct witness *witness, const struct attempt *attempt,
    const char *file, const struct witness_time *now)
{
	if (!witness->is_good || witness->euid != geteuid() ||
	    strcmp(witness->config, config_file_name(file)) != 0 ||
	    !is_kept(witness->service, attempt->service) ||
	    !is_kept(witness->address, attempt->from))
		return false;
	/* One that is named has to be there. */
	if (file != NULL && !witness->marks[WITNESS_CONFIG].exists)
		return false;
	if (attempt->now < witness->from || attempt->now >= witness->until ||
	    !have_clocks_moved_alike(&witness->begun, now))
		return false;
	return are_trusted(witness) && is_unchanged(witness);
}
