/* Files of snapshots, for fleet_file.c and fleet_file_put.c only. */
#ifndef APITOKEN_FLEET_FILE_IMPL_H
#define APITOKEN_FLEET_FILE_IMPL_H

#include <limits.h>

#include "fleet/fleet_file.h"

#define FLEET_SOURCE_SUFFIX ".fleet"

/* A directory with a file for each issuer, or one file of one. */
struct fleet_source {
	char source[CONFIG_PATH_MAX + 1];
};

bool fleet_source_is_directory(const char *path);

/* The file of an issuer. */
void fleet_source_path(const struct fleet_source *file, const char *issuer,
    const char *suffix, char path[PATH_MAX]);

/* These are functions of the engine; state is a struct fleet_source. */
enum err fleet_file_list(void *state, const char *issuer,
    struct fleet_engine_list *list, int64_t deadline, struct error *why);
enum err fleet_file_put_if(void *state, const struct fleet_engine_put *step,
    int64_t deadline, struct error *why);
enum err fleet_file_rewrite(void *state, const struct fleet_engine_put *all,
    int64_t deadline, struct error *why);

#endif
