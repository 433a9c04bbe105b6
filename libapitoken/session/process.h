/*
 * Processes, identified by pid and start time, since pids are reused. Both come
 * from /proc, even for ourselves, so that all who see the same /proc mean the
 * same process.
 */
#ifndef APITOKEN_PROCESS_H
#define APITOKEN_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct process {
	uint64_t pid;
	uint64_t start; /* clock ticks after boot */
};

/* A process as a name for a file: PID-START. */
#define PROCESS_NAME_LEN 41
void process_name(
    const struct process *process, char name[PROCESS_NAME_LEN + 1]);

/* Whether text is such a name, or begins with one and a `.`. */
bool process_parse_name(const char *text, struct process *process);

/*
 * Parses the text of /proc/PID/stat, len bytes; the program's name in it may
 * hold anything. False, and nothing is set, if it is malformed. Pure.
 */
bool process_parse_stat(
    const char *text, size_t len, struct process *process, uint64_t *parent);

/*
 * Reads the process with this pid, and its parent's pid. ERR_NOT_FOUND: there
 * is none. ERR_SYSTEM.
 */
enum err process_read(
    uint64_t pid, struct process *process, uint64_t *parent, struct error *why);

/*
 * Reads up to size - 1 bytes of /proc/PID/NAME and adds a NUL; a pid of 0 means
 * the caller. Always sets *len. Returns 0 or an errno.
 */
int process_read_file(
    uint64_t pid, const char *name, char *text, size_t size, size_t *len);

/*
 * Reads the real, effective and saved uid of a process: the owner of /proc/PID
 * is root's if it is not dumpable (proc_pid_status(5)). False if it is gone.
 */
bool process_read_uids(uint64_t pid, uid_t uids[3]);

/* The calling process. ERR_SYSTEM. */
enum err process_self(struct process *self, struct error *why);

/* Its parent. ERR_NOT_FOUND: /proc does not show it. ERR_SYSTEM. */
enum err process_parent(struct process *parent, struct error *why);

/*
 * Its parent, if that may run the same program, as after a fork. Errors as
 * process_parent, and ERR_NOT_FOUND if it certainly does not.
 */
enum err process_parent_alike(struct process *parent, struct error *why);

bool process_is_same(const struct process *one, const struct process *other);

/* Whether it has certainly ended, with all its threads. */
bool process_is_gone(const struct process *process);

#endif
