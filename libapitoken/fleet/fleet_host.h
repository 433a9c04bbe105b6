/* Which hosts a fleet's token is for. */
#ifndef APITOKEN_FLEET_HOST_H
#define APITOKEN_FLEET_HOST_H

#include <stdbool.h>

#include "config/config.h"
#include "fleet/fleet_record.h"

/* The name of this host: as configured, or as uname(2), in small letters. */
void fleet_host_name(
    const struct config *config, char name[PARSE_HOST_MAX + 1]);

/*
 * Whether the token is for the host with this name, in these groups of hosts (a
 * list): one that names neither hosts nor groups is for all. Pure.
 */
bool fleet_host_is_meant(
    const struct fleet_record *record, const char *name, const char *groups);

#endif
