/* The processes that there are, at one moment, and those that are meant. */
#ifndef TOKENADM_PROCTREE_H
#define TOKENADM_PROCTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "error.h"
#include "process.h"

/* The kernel's word for `no login`, see /proc/PID/sessionid in proc(5). */
#define PROCTREE_NO_LOGIN UINT32_MAX

struct proc {
	struct process process;
	uint64_t parent;
	uid_t uid;
	uint32_t login; /* which login it stems from, where the kernel knows */
	bool marked;
};

struct proctree {
	struct proc *procs;
	size_t count;
};

/* Reads /proc. To be freed by proctree_free in any case. ERR_SYSTEM. */
enum err proctree_read(struct proctree *tree, struct error *why);

/* The process, if it is still there; or NULL. */
struct proc *proctree_find(
    const struct proctree *tree, const struct process *process);

/* Marks all that descend from it, but not itself. */
void proctree_mark_below(struct proctree *tree, const struct proc *root);

/* Marks all of that login, which have left their parents, too. */
void proctree_mark_login(struct proctree *tree, uint32_t login);

/*
 * Marks the processes of that uid whose environment says NAME=VALUE, which
 * finds those that have left their parents where the kernel keeps no logins.
 */
void proctree_mark_environment(
    struct proctree *tree, uid_t uid, const char *variable);

void proctree_free(struct proctree *tree);

#endif
