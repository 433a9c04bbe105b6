/*
 * Writes a backup token by token. The file gets its name only when it is
 * complete and on disk: a failure before that leaves nothing behind.
 */
#ifndef APITOKEN_BACKUP_WRITER_H
#define APITOKEN_BACKUP_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "base/crypto.h"
#include "token/logo.h"
#include "token/record.h"

struct backup_writer;

/*
 * Starts a backup of count tokens as of that time, sealed with the configured
 * key; with config->is_for_fleet, values may follow the tokens. path must stay
 * valid. force: a regular file of that name may be replaced. Close *writer with
 * backup_writer_close. ERR_EXISTS, ERR_SYSTEM, ERR_NOMEM; or as key_read.
 */
enum err backup_writer_open(struct backup_writer **writer,
    const struct config *config, const char *path, bool force, int64_t at,
    uint64_t count, struct error *why);

/*
 * Adds a token, after the others of its user, and the logo that the record
 * names; NULL if it names none. ERR_SYSTEM.
 */
enum err backup_writer_add(struct backup_writer *writer,
    const struct record *record, const struct logo *logo, struct error *why);

/*
 * Adds a value of store_values.h, after all tokens. ERR_INVALID: it is larger
 * than BACKUP_VALUE_MAX; ERR_SYSTEM.
 */
enum err backup_writer_add_value(struct backup_writer *writer,
    enum crypto_name kind, const char *name, const uint8_t *bytes, size_t len,
    struct error *why);

/*
 * Syncs the file and gives it its name. ERR_DAMAGED if it did not get count
 * tokens: the store's ids and indexes disagree. ERR_EXISTS, ERR_SYSTEM.
 */
enum err backup_writer_finish(struct backup_writer *writer, struct error *why);

/* Frees it, and removes a file that was not finished. */
void backup_writer_close(struct backup_writer *writer);

#endif
