/*
 * The stack of a service as libpam puts it together from the files in
 * /etc/pam.d: included files in their place, /etc/pam.d/other for the types
 * that the service's own file has nothing of.
 */
#ifndef TOKENADM_PAMSTACK_H
#define TOKENADM_PAMSTACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/pool.h"
#include "pam/pamline.h"

#define PAMSTACK_DEPTH 16  /* files that include each other */
#define PAMSTACK_LINES 512 /* of a stack; more are no stack but a cycle */
#define PAMSTACK_DEFAULT "other"

/* A line that is asked, or that begins a substack. */
struct pamstack_entry {
	struct pamline line;
	unsigned level;   /* of the substack that it stands in */
	bool of_other;    /* it stands in for a service without such lines */
	bool of_service;  /* it stands in the service's own file */
	bool is_missing;  /* there is no such module (modules_note_missing) */
	const char *file; /* where it stands */
	size_t number;
};

/* What is odd about a file. */
struct pamstack_problem {
	bool has_returns; /* Windows line ends: all else may follow from it */
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
	bool has_file;    /* the service has one of its own */
	const char *file; /* and here it is */
	struct pool texts;
};

/*
 * Where files are looked for, the first that has it. NULL for the system's
 * own: /etc/pam.d, then /usr/lib/pam.d. A test has its own, of one directory.
 */
#define PAMSTACK_PLACES 2
struct pamstack_places {
	const char *directories[PAMSTACK_PLACES]; /* NULL: none */
};

/*
 * Reads the stack of a service. Trouble with its files is no error, but a
 * problem of it. To be freed by pamstack_free in any case. ERR_NOMEM.
 */
enum err pamstack_read(struct pamstack *stack, const char *service,
    const struct pamstack_places *places, struct error *why);

void pamstack_free(struct pamstack *stack);

/* The name of the entry's module without directory: `pam_unix.so`. */
const char *pamstack_module(const struct pamstack_entry *entry);

/* Whether it is this module: `pam_unix` for pam_unix.so, wherever it lies. */
bool pamstack_is(const struct pamstack_entry *entry, const char *name);

/* The places of the system. */
extern const struct pamstack_places pamstack_system;

/* Sets path to that of the file with this name; false if there is none. */
bool pamstack_find(const struct pamstack_places *places, const char *name,
    char *path, size_t size);

#endif
