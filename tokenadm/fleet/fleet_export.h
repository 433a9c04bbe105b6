/* fleet export: all that this machine issues, as one file. */
#ifndef TOKENADM_FLEET_EXPORT_H
#define TOKENADM_FLEET_EXPORT_H

#include "cli/command.h"

/*
 * Writes the snapshot (fleet_snapshot.h) to a file, in place of an old one, or
 * to standard output if path is NULL. ERR_MISSING: this machine issues nothing,
 * or has not yet; or as write_file_over.
 */
enum err fleet_export(struct context *context, const char *path);

#endif
