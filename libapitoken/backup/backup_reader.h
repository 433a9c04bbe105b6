/*
 * Reading a backup, token by token. Each is known to be as it was written when
 * it is given; that none is missing, and nothing was added, is known at the
 * end: so nothing must be done with any of them before that.
 */
#ifndef APITOKEN_BACKUP_READER_H
#define APITOKEN_BACKUP_READER_H

#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "token/record.h"

struct backup_reader;

/*
 * Opens the backup at path, which must stay, with the key that config names.
 * *reader is to be freed by backup_reader_close. ERR_MISSING, ERR_DAMAGED,
 * ERR_NEWER, ERR_KEY (it is sealed with another), ERR_NOMEM, ERR_SYSTEM; or as
 * key_read.
 */
enum err backup_reader_open(struct backup_reader **reader,
    const struct config *config, const char *path, struct error *why);

/* When it was made, in seconds, and how many tokens it holds. */
int64_t backup_reader_time(const struct backup_reader *reader);
uint64_t backup_reader_count(const struct backup_reader *reader);

/*
 * Reads the next token. ERR_NOT_FOUND at the end of a backup that is whole.
 * ERR_DAMAGED, ERR_NEWER, ERR_SYSTEM.
 */
enum err backup_reader_next(
    struct backup_reader *reader, struct record *record, struct error *why);

void backup_reader_close(struct backup_reader *reader);

#endif
