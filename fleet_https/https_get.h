/*
 * Files that are fetched by HTTPS, any number at the same time: the only file
 * here that knows libcurl. Redirects, other protocols and compression are
 * refused, as are answers of more than FLEET_HTTPS_MAX bytes, or that were cut.
 */
#ifndef APITOKEN_HTTPS_GET_H
#define APITOKEN_HTTPS_GET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fleet_helper/helper_identity.h"

/* What is fetched at the moment, and the connections that are kept. */
struct https_gets;

/* NULL: no memory. What identity points to must stay valid. */
struct https_gets *https_gets_new(const struct helper_identity *identity);
void https_gets_free(struct https_gets *gets); /* takes NULL */

/*
 * Goes on with all of them until something has happened, descriptor (-1: none)
 * is readable, or the time is over.
 */
void https_gets_go_on(
    struct https_gets *gets, int descriptor, int64_t milliseconds);

/* A file. */
struct https_get;

/*
 * Begins to fetch the first bytes of a file, `first` at most, in so many
 * milliseconds; with first 0 all of it, as long as it goes on coming. NULL: no
 * memory.
 */
struct https_get *https_get_begin(struct https_gets *gets, const char *url,
    size_t first, int64_t milliseconds);
void https_get_end(struct https_get *get); /* takes NULL */

bool https_get_is_over(const struct https_get *get);

/*
 * What it has come to: the bytes are valid until its end. ERR_BUSY: not in
 * time, or not over. ERR_NOT_FOUND: there is no such file. ERR_REFUSED: the
 * server or we did not prove who we are, or may not. ERR_INVALID: too long, or
 * elsewhere. ERR_SYSTEM, ERR_NOMEM.
 */
enum err https_get_result(const struct https_get *get, const uint8_t **bytes,
    size_t *len, struct error *why);

#endif
