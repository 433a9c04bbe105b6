/* Who runs the module in a service: whether it has to ask at the door. */
#ifndef TOKENADM_SERVICE_RUNNER_H
#define TOKENADM_SERVICE_RUNNER_H

#include <stdbool.h>

#include "base/error.h"

#define SERVICE_RUNNER_ACCOUNT_SIZE 64

enum service_search {
	SERVICE_SEARCH_ALL,
	/* No set-uid program that the service is not called after. */
	SERVICE_SEARCH_QUICK,
};

struct service_runner {
	/* A program of people, such as su or a screen locker, no server. */
	bool is_personal;
	/* It asks as whoever uses it. */
	bool is_its_user;
	/* Else, as whom it asks; "" if that could not be found out. */
	char account[SERVICE_RUNNER_ACCOUNT_SIZE];
};

/*
 * Looks at set-uid programs and what they are linked with, running processes,
 * the service's unit, and what is known of its program. True: it has to ask at
 * the door, for the reason in *how. False: it is root, as far as can be seen.
 */
bool service_runner(const char *service, enum service_search search,
    struct service_runner *runner, struct error *how);

#endif
