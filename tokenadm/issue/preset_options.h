/*
 * issue --preset: the limits of a preset stand in for options that are not
 * given, and those that are given must be narrower.
 */
#ifndef TOKENADM_PRESET_OPTIONS_H
#define TOKENADM_PRESET_OPTIONS_H

#include "base/error.h"
#include "cli/args.h"
#include "config/config.h"
#include "token/record.h"

/* The preset of that name. ERR_INVALID, with a similar name if there is one. */
enum err preset_options_find(const struct config *config, const char *name,
    const struct preset **preset, struct error *why);

/* Sets the options of issue that are not given as the preset has them. */
void preset_options_fill(const struct preset *preset, struct args *args);

/*
 * Whether a token's services, scopes, networks and sessions are all within the
 * preset's; groups are the config's. What the preset does not say is not
 * limited. ERR_POLICY, naming the option.
 */
enum err preset_options_check(const struct preset *preset,
    const struct service_group *groups, const struct record *record,
    struct error *why);

/* Whether a token issued now expires as the preset says, or sooner. */
enum err preset_options_check_expiry(const struct preset *preset,
    int64_t expires, int64_t now, struct error *why);

/* Says in an error that the preset, if any, had a part in it. Returns rc. */
enum err preset_options_explain(
    const struct preset *preset, enum err rc, struct error *why);

#endif
