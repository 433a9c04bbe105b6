/*
 * Who runs the module in a service. It takes no tokens in a set-uid program,
 * and cannot open the database without root.
 */
#ifndef TOKENADM_SERVICE_RUNNER_H
#define TOKENADM_SERVICE_RUNNER_H

#include <stdbool.h>

#include "base/error.h"

enum runner {
	RUNNER_FIT = 0, /* root, as far as can be seen */
	RUNNER_SET_UID,
	RUNNER_ROOTLESS,
};

/*
 * Looks at set-uid programs and what they are linked with, running processes,
 * the service's unit, and what is known of its program. *how gets the reason,
 * if it is not fit. *is_personal: a program of people, such as su or a screen
 * locker, and not a server; may be NULL.
 */
enum runner service_runner(
    const char *service, bool *is_personal, struct error *how);

#endif
