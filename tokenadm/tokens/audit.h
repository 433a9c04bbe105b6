/*
 * Logs one line to authpriv for each token that a command changed, or for each
 * transaction of a batch.
 */
#ifndef TOKENADM_AUDIT_H
#define TOKENADM_AUDIT_H

#include <stddef.h>

#include "token/record.h"
#include "tokens/changes.h"

/*
 * tokenadm: VERB id=... user=... name=... by=... detail=...
 * detail is omitted if it is "". The store must be closed.
 */
void audit(const char *verb, const struct record *record, const char *by,
    const char *detail);

/* The same of a fleet's token: VERB ... detail=... issuer=... */
void audit_fleet(const char *verb, const struct record *record, const char *by,
    const char *detail, const char *issuer);

/*
 * edited id=... user=... name=... by=... old_FIELD=... new_FIELD=...
 * The longest values are cut, so that every field that changed is named.
 */
void audit_edited(const struct record *record, const struct changes *changes);

/* For the whole store: VERB by=... detail=... */
void audit_store(const char *verb, const char *by, const char *detail);

/* sweep-stopped by=... users=... of=... */
void audit_stopped(const char *by, size_t users, size_t all);

/* issued-batch count=... file=... lines=FIRST-LAST by=... */
void audit_batch(
    const char *file, size_t count, size_t first, size_t last, const char *by);

#endif
