/* The processes that there are, at one moment, and those that are marked. */
#ifndef TOKENADM_PROCTREE_H
#define TOKENADM_PROCTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "session/login_ids.h"
#include "session/process.h"
#include "token/token.h"

struct proc {
	struct process process;
	uint64_t parent;
	uid_t uid, euid; /* real and effective */
	struct login_ids login;
	/* The token that its environment names, as its owner likes; or "" */
	char token[TOKEN_ID_LEN + 1];
	bool is_spared; /* scratch of session_processes.c */
	bool is_marked;
};

struct proctree {
	struct proc *procs; /* by their pids */
	size_t count;
};

/* Reads /proc. To be freed by proctree_free in any case. ERR_SYSTEM. */
enum err proctree_read(struct proctree *tree, struct error *why);

/* The process, if it is still there; or NULL. */
struct proc *proctree_find(
    const struct proctree *tree, const struct process *process);

/* The parent of a process, or NULL: it has none that can be seen. */
struct proc *proctree_parent(
    const struct proctree *tree, const struct proc *proc);

void proctree_free(struct proctree *tree);

#endif
