/*
 * Root's directories below /run, for what is of use only while a process lives:
 * small files, written whole or not at all, whose names show when nobody needs
 * them any more. Nothing is synced.
 */
#ifndef APITOKEN_RUNDIR_H
#define APITOKEN_RUNDIR_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The runtime directory, and its parts. */
#define RUNDIR RUNSTATEDIR "/apitoken"
#define RUNDIR_FLEET "fleet"
#define RUNDIR_HANDOFF "handoff"
#define RUNDIR_OWN "own"
#define RUNDIR_SESSIONS "sessions"
#define RUNDIR_UNNOTED "unnoted"

#define RUNDIR_NAME_MAX 96 /* bytes of a file's name */

enum rundir_mode {
	RUNDIR_LOOK, /* use it as it is */
	RUNDIR_MAKE, /* make it if it is missing */
};

/*
 * Opens a part of the directory at path. Sets *dir, which the caller closes.
 * ERR_MISSING, ERR_UNSAFE, ERR_SYSTEM.
 */
enum err rundir_open(int *dir, const char *path, const char *part,
    enum rundir_mode mode, struct error *why);

/* Writes a whole file, in place of any before it. ERR_SYSTEM. */
enum err rundir_write(int dir, const char *name, const uint8_t *bytes,
    size_t len, struct error *why);

/* The same, unless a file has that name. ERR_EXISTS. */
enum err rundir_add(int dir, const char *name, const uint8_t *bytes, size_t len,
    struct error *why);

/*
 * Overwrites the last len bytes of a file where it stands: it keeps its size,
 * and if it is removed meanwhile, it stays so. ERR_MISSING, even when out of
 * descriptors; ERR_DAMAGED: it is shorter; ERR_UNSAFE, ERR_SYSTEM.
 */
enum err rundir_write_end(int dir, const char *name, const uint8_t *bytes,
    size_t len, struct error *why);

/*
 * Reads a file of up to size bytes; a longer one sets *len to size + 1.
 * ERR_MISSING, even when out of descriptors; ERR_UNSAFE, ERR_SYSTEM.
 */
enum err rundir_read(int dir, const char *name, uint8_t *bytes, size_t size,
    size_t *len, struct error *why);

/* Removes a file, if it is there. ERR_SYSTEM. */
enum err rundir_remove(int dir, const char *name, struct error *why);

/* Called with the name of a file; any return but ERR_OK ends the walk. */
typedef enum err rundir_visitor(const char *name, void *arg);

/* Calls the visitor for every file. ERR_SYSTEM, or what it returned. */
enum err rundir_each(
    int dir, rundir_visitor *visit, void *arg, struct error *why);

/*
 * Removes the files that are named after processes that have ended (process.h):
 * in every part, what such a one had not finished.
 */
void rundir_sweep(int dir);

/* The same for one file, for who walks through them anyway. */
void rundir_remove_stale(int dir, const char *name);

#endif
