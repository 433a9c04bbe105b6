/* check --repair: of the local tokens, then of what is issued to a fleet. */
#ifndef TOKENADM_CHECK_REPAIR_H
#define TOKENADM_CHECK_REPAIR_H

#include "cli/command.h"
#include "cli/json.h"

/*
 * Repairs, and prints what is found and done, and how it went; json: as
 * check_print_line. Errors as repair_store and check_fleet_store.
 */
enum err check_repair(struct context *context, struct json_stream *json);

#endif
