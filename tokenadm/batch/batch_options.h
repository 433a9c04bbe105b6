/* The options of issue that may be given with --batch, and what they do. */
#ifndef TOKENADM_BATCH_OPTIONS_H
#define TOKENADM_BATCH_OPTIONS_H

#include "base/error.h"
#include "batch/batch_line.h"
#include "cli/args.h"
#include "config/config.h"

/* The lines replace most options: ERR_USAGE for one of these. */
enum err batch_options_check(const struct args *args, struct error *why);

/* The preset of all lines, or NULL. ERR_INVALID if there is no such one. */
enum err batch_options_preset(const struct args *args,
    const struct config *config, const struct preset **preset,
    struct error *why);

/* Fills the empty fields of a line as the preset of all lines says. */
void batch_options_fill(const struct preset *preset, struct line *line);

#endif
