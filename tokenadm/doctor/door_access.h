/* Whether the door takes the questions of a service. */
#ifndef TOKENADM_DOOR_ACCESS_H
#define TOKENADM_DOOR_ACCESS_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "doctor/service_runner.h"

struct door_access {
	bool answers;     /* somebody does, at the config's socket */
	bool is_admitted; /* the service's account may ask */
	struct error why; /* what the log would say; "": nothing is missing */
};

void door_access_look(struct door_access *access, const struct config *config,
    const char *service, const struct service_runner *runner);

#endif
