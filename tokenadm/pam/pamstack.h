/*
 * A service's stack as libpam builds it from the files in /etc/pam.d: with
 * includes expanded, and /etc/pam.d/other for the types that the service's own
 * file does not have.
 */
#ifndef TOKENADM_PAMSTACK_H
#define TOKENADM_PAMSTACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/pool.h"
#include "pam/pamline.h"

#define PAMSTACK_DEPTH 16  /* nested includes */
#define PAMSTACK_LINES 512 /* more must be a cycle */
#define PAMSTACK_DEFAULT "other"

/* A line that includes a file, and the one that includes that line's file. */
struct pamstack_via {
	const char *file;
	size_t number;
	unsigned level; /* of the line */
	const struct pamstack_via *up;
};

/* A module's line, or the start of a substack. */
struct pamstack_entry {
	struct pamline line;
	unsigned level;   /* nesting of its substack */
	bool of_other;    /* from /etc/pam.d/other */
	bool of_service;  /* from the service's own file */
	bool is_missing;  /* no such module (modules_note_missing) */
	const char *file; /* its position */
	size_t number;
	const struct pamstack_via *via; /* NULL: nothing includes its file */
};

/* A problem with a file. */
struct pamstack_problem {
	bool has_returns; /* Windows line ends: may cause all else */
	const char *file; /* as libpam names it */
	size_t number;    /* of the line; 0: the whole file */
	struct error text;
};

struct pamstack {
	struct pamstack_entry *entries; /* of all types, in order */
	size_t count;
	struct pamstack_problem *problems;
	size_t problem_count;
	bool is_refused;  /* libpam gives up: nobody logs in to the service */
	bool has_file;    /* the service has its own file */
	const char *file; /* its path */
	struct pamstack_via **vias;
	size_t via_count;
	struct pool texts;
};

/*
 * Directories searched in order. NULL for the system's: /etc/pam.d, then
 * /usr/lib/pam.d. Tests use one directory of their own.
 */
#define PAMSTACK_PLACES 2
struct pamstack_places {
	const char *directories[PAMSTACK_PLACES]; /* NULL: none */
};

/*
 * Reads a service's stack. Problems with its files go to problems, and are not
 * errors. Call pamstack_free in any case. ERR_NOMEM.
 */
enum err pamstack_read(struct pamstack *stack, const char *service,
    const struct pamstack_places *places, struct error *why);

void pamstack_free(struct pamstack *stack);

/* The file name of the entry's module: `pam_unix.so`. */
const char *pamstack_module(const struct pamstack_entry *entry);

/* Whether it is this module: `pam_unix` for pam_unix.so in any directory. */
bool pamstack_is(const struct pamstack_entry *entry, const char *name);

/* Whether both ask the same module with the same arguments for one type. */
bool pamstack_is_same(
    const struct pamstack_entry *a, const struct pamstack_entry *b);

/* The system's places. */
extern const struct pamstack_places pamstack_system;

/* Sets path to the file with this name; false if there is none. */
bool pamstack_find(const struct pamstack_places *places, const char *name,
    char *path, size_t size);

#endif
