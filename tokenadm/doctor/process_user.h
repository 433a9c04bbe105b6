/* As whom the processes of a program run. */
#ifndef TOKENADM_PROCESS_USER_H
#define TOKENADM_PROCESS_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The processes of a program, those of ordinary users left out. */
struct process_user {
	size_t rooted;   /* as root, or able to become it or to open any file */
	size_t rootless; /* the others */
	uid_t uid;       /* of one of the others */
	bool asks;       /* one of the others has libpam in its memory */
};

/* Counts those whose program, or whose name, is this one. */
void process_user_count(const char *program, struct process_user *users);

#endif
