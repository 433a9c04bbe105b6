/*
 * The places of a file tree that a confined session sees otherwise than the
 * rest of the machine: what is built in, and what [confine] says. Pure.
 */
#ifndef APITOKEN_CONFINE_PATHS_H
#define APITOKEN_CONFINE_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"

enum place_kind {
	PLACE_VISIBLE,  /* shown, though what is above it is hidden */
	PLACE_WRITABLE, /* may be changed */
	PLACE_OWN,      /* an empty directory that the session alone has */
	PLACE_HIDDEN,   /* an empty directory, or an unreadable file */
};

struct place {
	enum place_kind kind;
	bool is_built_in;            /* below directories that are root's */
	char path[2 * PATH_LEN + 1]; /* absolute */
	int tree; /* mounts.c: a descriptor of what is mounted there, or -1 */
};

enum confine_paths_view {
	CONFINE_PATHS_SESSION, /* what a session gets to see */
	/*
	 * What the process is left with that a session comes out of, and that
	 * logs it out: it may change terminals, too, and sees what lies in /run
	 * and /tmp, as it is. Directories of a session's own it has none.
	 */
	CONFINE_PATHS_HOST,
};

struct places {
	enum confine_paths_view view;
	struct place *list;
	size_t count;
};

/*
 * Makes the list, each path once and behind those above it. home is what `~`
 * stands for, an absolute path without links; NULL leaves out what needs it.
 * ERR_NOMEM, ERR_INVALID for a home that is too long. To be freed in any case.
 */
enum err confine_paths_make(struct places *places, enum confine_paths_view view,
    const struct confine_policy *policy, const char *home, struct error *why);

/* The nearest place above the one at index; NULL if there is none. */
const struct place *confine_paths_above(
    const struct places *places, size_t index);

/* Frees the list, and closes its descriptors. */
void confine_paths_free(struct places *places);

#endif
