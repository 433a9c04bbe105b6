/*
 * A witness of what authenticate has read, so that acct_mgmt need not read it
 * again a moment later. Every file that the verdict rests on is looked at
 * before it is read, and again by acct_mgmt: the configuration, nsswitch.conf,
 * passwd and shadow, the store's directory, its database, lock and key. If none
 * of them has changed in between, nor in a while before, the verdict is what it
 * would be now; if anything about that is in doubt, acct_mgmt reads all of it.
 *
 * No lock is needed for a look: a writer of the store stamps the database
 * before the first byte of a change, so that one which looks as it did is as it
 * was, and what is only about to be written has not been answered for yet.
 */
#ifndef APITOKEN_WITNESS_H
#define APITOKEN_WITNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/file_mark.h"
#include "config/config.h"
#include "login/attempt.h"
#include "login/attempt_run.h"

/* In seconds: how long a file must have been at rest when it was read. */
#define WITNESS_REST 3

#define WITNESS_TEXT_MAX 127

enum witness_file {
	WITNESS_CONFIG,
	WITNESS_NAME_SERVICES,
	WITNESS_PASSWD,
	WITNESS_SHADOW,
	WITNESS_DIRECTORY,
	WITNESS_DATABASE,
	WITNESS_LOCK,
	WITNESS_KEY,
};
#define WITNESS_FILES (WITNESS_KEY + 1)

/* When something was read or asked: CLOCK_REALTIME and CLOCK_BOOTTIME. */
struct witness_time {
	struct timespec real, boot;
};

struct witness {
	bool is_good; /* else it never stands */
	bool is_seen; /* all files were, before they were read */
	struct file_mark marks[WITNESS_FILES];
	/* Where they are, as far as the configuration says so */
	char config[CONFIG_PATH_MAX + 1];
	char directory[CONFIG_PATH_MAX + 1];
	char key[CONFIG_PATH_MAX + 1];
	struct witness_time begun; /* when they began to be read */
	uid_t euid;                /* of who read */
	/* In seconds: from when to when no verdict changes by time alone */
	int64_t from, until;
	/* Of the attempt; "": none */
	char service[WITNESS_TEXT_MAX + 1], address[WITNESS_TEXT_MAX + 1];
};

/* Before the configuration is read: file, or NULL for the system's own. */
void witness_begin(
    struct witness *witness, const char *file, const struct witness_time *now);

/* Before anything else is read. */
void witness_look(struct witness *witness, const struct config *config);

/* Once it is decided: whether it is a witness of an accepted attempt. */
void witness_finish(struct witness *witness, const struct attempt *attempt,
    const struct attempt_outcome *outcome);

/*
 * Whether that attempt would be accepted now; file is the configuration that is
 * asked for now. The owner is in /etc/passwd and /etc/shadow then. The user
 * must be the one that was accepted. False: find out.
 */
bool witness_stands(const struct witness *witness,
    const struct attempt *attempt, const char *file,
    const struct witness_time *now);

#endif
