/*
 * Lines about what was found, gathered while the store is open and shown when
 * it is closed. A damaged store of a million tokens has a million lines to
 * show: those after the first thousand are only counted.
 */
#ifndef APITOKEN_FINDINGS_H
#define APITOKEN_FINDINGS_H

#include <stddef.h>
#include <stdint.h>

#define FINDINGS_KEPT 1000

struct findings {
	char **lines; /* kept of them; may hold control characters */
	size_t kept;
	uint64_t count; /* of all */
};

/* Adds a line, cut as error_set cuts it. Without memory it is counted. */
void findings_add(struct findings *findings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Frees the lines; there are none then. */
void findings_free(struct findings *findings);

#endif
