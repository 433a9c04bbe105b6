/*
 * Root's directories below /run, for what is of use as long as a process lives:
 * small files, written whole or not at all, and named so that it shows when
 * nobody needs them any more. Nothing is synced.
 */
#ifndef APITOKEN_RUNDIR_H
#define APITOKEN_RUNDIR_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The runtime directory, and the parts that it has. */
#define RUNDIR RUNSTATEDIR "/apitoken"
#define RUNDIR_HANDOFF "handoff"
#define RUNDIR_SESSIONS "sessions"

#define RUNDIR_NAME_MAX 96 /* bytes of a file's name */

enum rundir_mode {
	RUNDIR_LOOK, /* as it is there */
	RUNDIR_MAKE, /* made first, unless it is there */
};

/*
 * Opens a part of the directory at path. Sets *dir, which the caller closes.
 * ERR_MISSING, ERR_UNSAFE, ERR_SYSTEM.
 */
enum err rundir_open(int *dir, const char *path, const char *part,
    enum rundir_mode mode, struct error *why);

/* Puts a file there, whole, in place of any before it. ERR_SYSTEM. */
enum err rundir_write(int dir, const char *name, const uint8_t *bytes,
    size_t len, struct error *why);

/* The same, where no file has the name. ERR_EXISTS. */
enum err rundir_add(int dir, const char *name, const uint8_t *bytes, size_t len,
    struct error *why);

/*
 * Reads a file: up to size bytes; one that is longer sets *len to size + 1.
 * ERR_MISSING, also where nothing could be opened; ERR_UNSAFE, ERR_SYSTEM.
 */
enum err rundir_read(int dir, const char *name, uint8_t *bytes, size_t size,
    size_t *len, struct error *why);

/* Removes a file, if it is there. ERR_SYSTEM. */
enum err rundir_remove(int dir, const char *name, struct error *why);

/* Takes the name of a file; what is not ERR_OK ends the reading. */
typedef enum err rundir_visitor(const char *name, void *arg);

/* Names every file. ERR_SYSTEM, or what the visitor returned. */
enum err rundir_each(
    int dir, rundir_visitor *visit, void *arg, struct error *why);

/*
 * Removes the files that are named by processes that have ended (process.h),
 * those in the making among them.
 */
void rundir_sweep(int dir);

#endif
