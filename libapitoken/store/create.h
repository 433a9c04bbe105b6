/*
 * Creates a store: directories, lock, key and database. The only place that
 * creates any of them.
 */
#ifndef APITOKEN_CREATE_H
#define APITOKEN_CREATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "store/key.h"

/*
 * Creates what is missing, each file atomically, and changes nothing that
 * exists. *created tells whether a database was made. A missing key is never
 * replaced if there is a database: ERR_MISSING. deadline is as in deadline.h.
 * ERR_BUSY, ERR_UNSAFE, ERR_KEY, ERR_DAMAGED, ERR_NOMEM, ERR_SYSTEM.
 */
enum err create_store(const struct config *config, int64_t deadline,
    bool *created, struct error *why);

/*
 * Makes a database at path, where none may be, that holds nothing but the key
 * check: whole or not at all. The caller has its lock. ERR_SYSTEM, ERR_NOMEM.
 */
enum err create_database(
    const char *path, const struct keys *keys, struct error *why);

#endif
