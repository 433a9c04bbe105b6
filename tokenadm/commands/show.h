/* Everything about a token, as a table for people. */
#ifndef TOKENADM_SHOW_H
#define TOKENADM_SHOW_H

#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "cli/list_columns.h"
#include "store/last_use.h"
#include "token/record.h"

/* Prints it to stream. ERR_NOMEM, ERR_SYSTEM. */
enum err show_print(FILE *stream, const struct record *record,
    const struct last_use *usage, const struct origin *origin, int64_t now);

#endif
