/* A snapshot of all processes, with marks. */
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
	/* The token in its environment, which its owner can set; or "" */
	char token[TOKEN_ID_LEN + 1];
	bool is_spared; /* for session_processes.c */
	bool is_marked;
};

struct proctree {
	struct proc *procs; /* sorted by pid */
	size_t count;
};

/* Reads /proc. Call proctree_free in any case. ERR_SYSTEM. */
enum err proctree_read(struct proctree *tree, struct error *why);

/* The process, or NULL if it was gone. */
struct proc *proctree_find(
    const struct proctree *tree, const struct process *process);

/* The parent of a process, or NULL if none is visible. */
struct proc *proctree_parent(
    const struct proctree *tree, const struct proc *proc);

void proctree_free(struct proctree *tree);

#endif
