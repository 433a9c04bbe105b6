/* Files of snapshots, for fleet_file.c, its parts and fleet_https.c only. */
#ifndef APITOKEN_FLEET_FILE_IMPL_H
#define APITOKEN_FLEET_FILE_IMPL_H

#include <limits.h>

#include "fleet/fleet_file.h"

#define FLEET_FILE_MAX (1L << 31) /* bytes: a million records of 2 KB */

/* A directory with a file for each issuer, or one file of one. */
struct fleet_source {
	char source[CONFIG_PATH_MAX + 1];
};

bool fleet_source_is_directory(const char *path);

/* The file of an issuer. */
void fleet_source_path(const struct fleet_source *file, const char *issuer,
    const char *suffix, char path[PATH_MAX]);

/* What a file begins with: up to FLEET_HEAD_MAX bytes, or why there are none.
 */
struct fleet_file_begin {
	enum err rc;
	struct error why;
	const uint8_t *bytes;
	size_t len;
};

/*
 * Adds the head that a file of an issuer begins with, or what is wrong with it;
 * issuer NULL: of whomever the head names. ERR_NOMEM.
 */
enum err fleet_file_add_head(struct fleet_engine_heads *heads,
    const char *issuer, const struct fleet_file_begin *begin,
    struct error *why);

/* These are functions of the engine; state is a struct fleet_source. */
enum err fleet_file_list(void *state, const char *issuer,
    struct fleet_engine_list *list, int64_t deadline, struct error *why);
enum err fleet_file_put_if(void *state, const struct fleet_engine_put *step,
    int64_t deadline, struct error *why);
enum err fleet_file_rewrite(void *state, const struct fleet_engine_put *all,
    int64_t deadline, struct error *why);

/* Looks at no state. */
enum err fleet_file_wait(void *state, struct fleet_news *news, int wake,
    int64_t deadline, struct error *why);

#endif
