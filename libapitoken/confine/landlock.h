/*
 * Landlock, the kernel's module by which a process gives up rights: a domain
 * in which files are changed nowhere but where it was allowed before.
 */
#ifndef APITOKEN_LANDLOCK_H
#define APITOKEN_LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct landlock {
	int ruleset; /* a descriptor */
	/* The rights that it takes away: to files, to what is in directories.
	 */
	uint64_t to_all, to_directories;
};

/* The version of its interface that this kernel has. ERR_SYSTEM: none. */
enum err landlock_version(int *version, struct error *why);

/*
 * Starts a set of rules by which nothing may be changed, as far as this version
 * has rights for it; pam_apitoken(8) tells what that leaves. ERR_SYSTEM.
 */
enum err landlock_begin(
    struct landlock *landlock, int version, struct error *why);

/*
 * Allows what the descriptor stands for, and what is below it, to be written
 * to; and, if it is_tree, files to be made and removed below it. ERR_SYSTEM.
 */
enum err landlock_allow(
    const struct landlock *landlock, int fd, bool is_tree, struct error *why);

/* Puts the calling thread under the rules, for good. ERR_SYSTEM. */
enum err landlock_enforce(const struct landlock *landlock, struct error *why);

void landlock_end(struct landlock *landlock);

#endif
