/*
 * Findings, a line each, gathered while the store is open and shown when it is
 * closed. A damaged store of a million tokens has a million of them: those
 * after the first thousand are only counted.
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

/*
 * Adds a line, cut as error_set cuts it. If out of memory, it is only counted.
 */
void findings_add(struct findings *findings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Frees the lines; the list is empty then. */
void findings_free(struct findings *findings);

#endif
