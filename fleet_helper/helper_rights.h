/* What this process may do: less, before it hears from anybody. */
#ifndef APITOKEN_HELPER_RIGHTS_H
#define APITOKEN_HELPER_RIGHTS_H

#include "base/error.h"

/*
 * Gives up root's rights, for good: becomes nobody, whom other processes of
 * nobody cannot trace; no new privileges, no files written, no core, bounded
 * memory. ERR_SYSTEM.
 */
enum err helper_rights_give_up(struct error *why);

#endif
