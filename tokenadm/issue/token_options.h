/* Reads the options that say what a token may do into a record. */
#ifndef TOKENADM_TOKEN_OPTIONS_H
#define TOKENADM_TOKEN_OPTIONS_H

#include "base/error.h"
#include "cli/args.h"
#include "config/config.h"
#include "token/record.h"

/*
 * Checks that a text which is stored and shown contains no token; `what` names
 * the text. ERR_INVALID.
 */
enum err token_options_check_words(
    const char *what, const char *text, struct error *why);

/* A token's name. ERR_INVALID. */
enum err token_options_set_name(
    struct record *record, const char *text, struct error *why);

/* A token's description. ERR_INVALID. */
enum err token_options_set_description(
    struct record *record, const char *text, struct error *why);

/* Whether the config has the group `@name`. ERR_INVALID. */
enum err token_options_check_group(
    const struct service_group *groups, const char *group, struct error *why);

/*
 * The services it may log in to: `any`, names for which this machine has a
 * PAM stack (other machines may have others), and groups that the config
 * defines. ERR_INVALID.
 */
enum err token_options_set_services(struct record *record,
    const struct config *config, const char *text, struct error *why);

/* Its scopes. ERR_INVALID. */
#define TOKEN_OPTIONS_DEFAULT_SCOPE "read"
enum err token_options_set_scopes(
    struct record *record, const char *text, struct error *why);

/* The networks it may be used from, or `any`. ERR_INVALID. */
enum err token_options_set_from(
    struct record *record, const char *text, struct error *why);

/* When it starts, within 100 years; see parse_start. ERR_INVALID. */
enum err token_options_set_starts(
    struct record *record, const char *text, int64_t now, struct error *why);

/* How many sessions it may have at a time, or `unlimited`. ERR_INVALID. */
enum err token_options_set_max_sessions(
    struct record *record, const char *text, struct error *why);

/*
 * Sets all of these that are among the options name, description, service,
 * scope, from, starts and max-sessions. ERR_INVALID.
 */
enum err token_options_set_given(struct record *record,
    const struct config *config, const struct args *args, int64_t now,
    struct error *why);

#endif
