/*
 * Landlock, the kernel's means for a process to give up rights: in a domain,
 * files can be changed only where its rules allow it.
 */
#ifndef APITOKEN_LANDLOCK_H
#define APITOKEN_LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct landlock {
	int ruleset; /* a descriptor */
	/* Rights taken away: to files, and to what is in directories. */
	uint64_t to_all, to_directories;
};

/* The version of this kernel's Landlock ABI. ERR_SYSTEM: none. */
enum err landlock_version(int *version, struct error *why);

/*
 * Starts a ruleset that forbids every change for which this version has rights;
 * pam_apitoken(8) tells what that leaves. ERR_SYSTEM.
 */
enum err landlock_begin(
    struct landlock *landlock, int version, struct error *why);

/*
 * Allows writing to what the descriptor refers to and what is below it and, if
 * is_tree, making and removing files below it. ERR_SYSTEM.
 */
enum err landlock_allow(
    const struct landlock *landlock, int fd, bool is_tree, struct error *why);

/* Puts the calling thread under the rules, for good. ERR_SYSTEM. */
enum err landlock_enforce(const struct landlock *landlock, struct error *why);

void landlock_end(struct landlock *landlock);

#endif
