/*
 * The places in the file tree that differ for a confined session: the built-in
 * ones, and those of [confine]. Pure.
 */
#ifndef APITOKEN_CONFINE_PATHS_H
#define APITOKEN_CONFINE_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"

enum place_kind {
	PLACE_VISIBLE,  /* shown, though below a hidden one */
	PLACE_WRITABLE, /* may be changed */
	PLACE_OWN,      /* an empty directory, private to the session */
	PLACE_HIDDEN,   /* an empty directory, or an unreadable file */
};

struct place {
	enum place_kind kind;
	bool is_built_in;            /* below root's directories */
	char path[2 * PATH_LEN + 1]; /* absolute */
	int tree; /* mounts.c: a descriptor of what is mounted there, or -1 */
};

enum confine_paths_view {
	CONFINE_PATHS_SESSION, /* what a session sees */
	/*
	 * For the process that forks a session and logs it out: it may also
	 * change terminals, sees /run and /tmp as they are, and has no private
	 * directories.
	 */
	CONFINE_PATHS_HOST,
};

struct places {
	enum confine_paths_view view;
	struct place *list;
	size_t count;
};

/*
 * Makes the list, each path once and after its parents. home is what `~` stands
 * for, an absolute path without links; NULL leaves out what needs it.
 * ERR_NOMEM, ERR_INVALID for a home that is too long. Free the list, even after
 * an error.
 */
enum err confine_paths_make(struct places *places, enum confine_paths_view view,
    const struct confine_policy *policy, const char *home, struct error *why);

/* The nearest place above the one at index; NULL if there is none. */
const struct place *confine_paths_above(
    const struct places *places, size_t index);

/* Frees the list, and closes its descriptors. */
void confine_paths_free(struct places *places);

#endif
