/*
 * Reads a backup token by token. Each token is known to be unchanged when it is
 * returned, but only the end of the backup shows that none is missing and none
 * was added: act on none of them before that.
 */
#ifndef APITOKEN_BACKUP_READER_H
#define APITOKEN_BACKUP_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "store/store_values.h"
#include "token/logo.h"
#include "token/record.h"

struct backup_reader;

/*
 * Opens the backup at path, which must stay valid, with the configured key.
 * Close *reader with backup_reader_close. ERR_MISSING, ERR_DAMAGED, ERR_NEWER,
 * ERR_KEY (sealed with another key), ERR_NOMEM, ERR_SYSTEM; or as key_read.
 */
enum err backup_reader_open(struct backup_reader **reader,
    const struct config *config, const char *path, struct error *why);

/* When it was made, in seconds, and how many tokens it holds. */
int64_t backup_reader_time(const struct backup_reader *reader);
uint64_t backup_reader_count(const struct backup_reader *reader);

/* Whether it is of what is issued to a fleet: values follow the tokens. */
bool backup_reader_has_values(const struct backup_reader *reader);

/*
 * Reads the next token, and the logo that its record names, if it names one:
 * else the logo is left as it was. ERR_NOT_FOUND after the last: at the end of
 * an intact backup, unless values follow. ERR_DAMAGED, ERR_NEWER, ERR_SYSTEM.
 */
enum err backup_reader_next(struct backup_reader *reader, struct record *record,
    struct logo *logo, struct error *why);

/* A value of store_values.h; its bytes are the reader's, until the next. */
struct backup_value {
	enum crypto_name kind;
	char name[STORE_VALUE_NAME + 1];
	const uint8_t *bytes;
	size_t len;
};

/*
 * Reads the next value, after all tokens. ERR_NOT_FOUND at the end of an intact
 * backup. ERR_DAMAGED, ERR_NOMEM, ERR_SYSTEM.
 */
enum err backup_reader_next_value(struct backup_reader *reader,
    struct backup_value *value, struct error *why);

void backup_reader_close(struct backup_reader *reader);

#endif
