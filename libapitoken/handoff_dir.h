/*
 * The directory of the hand-off's records, one file for each process that is
 * to open a session, named by it (process.h). It and the directory around it
 * are root's alone. What it holds is of use for seconds, so nothing is synced.
 */
#ifndef APITOKEN_HANDOFF_DIR_H
#define APITOKEN_HANDOFF_DIR_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "process.h"

/* The runtime directory, of which the records have a part. */
#define HANDOFF_RUN RUNSTATEDIR "/apitoken"

enum handoff_dir_mode {
	HANDOFF_DIR_LOOK, /* as it is there */
	HANDOFF_DIR_MAKE, /* made first, unless it is there */
};

/*
 * Opens the records' directory below run. Sets *dir, which the caller closes.
 * ERR_MISSING, ERR_UNSAFE, ERR_SYSTEM.
 */
enum err handoff_dir_open(
    int *dir, const char *run, enum handoff_dir_mode mode, struct error *why);

/*
 * Puts a record for the process there, whole, in place of any before it.
 * ERR_SYSTEM.
 */
enum err handoff_dir_write(int dir, const struct process *process,
    const uint8_t *bytes, size_t len, struct error *why);

/*
 * Reads the record for the process: up to size bytes; a file that is longer
 * sets *len to size + 1. ERR_MISSING, ERR_UNSAFE, ERR_SYSTEM.
 */
enum err handoff_dir_read(int dir, const struct process *process,
    uint8_t *bytes, size_t size, size_t *len, struct error *why);

/* Removes the record for the process, if there is one. */
void handoff_dir_remove(int dir, const struct process *process);

/* Removes what was left by and for processes that have ended. */
void handoff_dir_sweep(int dir);

#endif
