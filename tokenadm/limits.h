/* The options that say what a token may do: read into a record. */
#ifndef TOKENADM_LIMITS_H
#define TOKENADM_LIMITS_H

#include "args.h"
#include "error.h"
#include "record.h"

/* A token's name. ERR_INVALID. */
enum err limits_set_name(
    struct record *record, const char *text, struct error *why);

/* What a token is for, in words. ERR_INVALID. */
enum err limits_set_description(
    struct record *record, const char *text, struct error *why);

/*
 * The services it may log in to: `any`, or names for which this machine has a
 * PAM stack. ERR_INVALID.
 */
enum err limits_set_services(
    struct record *record, const char *text, struct error *why);

/* Its scopes. ERR_INVALID. */
enum err limits_set_scopes(
    struct record *record, const char *text, struct error *why);

/* The networks it may be used from. ERR_INVALID. */
enum err limits_set_from(
    struct record *record, const char *text, struct error *why);

#endif
