/*
 * Who may ask at the door about whom: `www-data: nginx, apache2; postgres:
 * postgresql`. A caller that is listed may ask about every user at its
 * services, and is believed what it says of service and address.
 */
#ifndef APITOKEN_DOOR_CALLERS_H
#define APITOKEN_DOOR_CALLERS_H

#include <stdbool.h>

#include "base/error.h"
#include "config/ini.h"
#include "token/record.h"

struct door_caller {
	struct door_caller *next;               /* in the order of the file */
	char user[RECORD_USER_MAX + 1];         /* whose uid it has */
	char services[RECORD_SERVICES_MAX + 1]; /* a list, without groups */
};

/* Reads the callers of a line. ERR_CONFIG by ini_error, ERR_NOMEM. */
enum err door_callers_read(
    const struct ini *ini, struct door_caller **callers, const char *value);

void door_callers_free(struct door_caller **callers);

#endif
