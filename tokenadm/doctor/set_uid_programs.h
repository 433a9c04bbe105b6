/* The set-uid and set-gid programs of this machine that ask PAM. */
#ifndef TOKENADM_SET_UID_PROGRAMS_H
#define TOKENADM_SET_UID_PROGRAMS_H

#include <limits.h>
#include <stdbool.h>

struct set_uid_program {
	char path[PATH_MAX];
	bool is_set_uid; /* and not set-gid only */
	bool is_for_all; /* anybody may run it, as su */
};

/*
 * Finds the one that a service is called after, as su. *is_taken: some program
 * is called so, set-uid or not.
 */
bool set_uid_programs_find_by_name(
    const char *service, struct set_uid_program *program, bool *is_taken);

/*
 * Finds one that is linked with libpam and contains the service's name. Reads
 * all directories of programs, which takes tens of milliseconds.
 */
bool set_uid_programs_find_by_content(
    const char *service, struct set_uid_program *program);

/* Finds the one with this file name that is linked with libpam. */
bool set_uid_programs_find_called(
    const char *name, struct set_uid_program *program);

#endif
