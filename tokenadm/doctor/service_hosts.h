/*
 * Programs whose processes ask PAM without root, and the services as which they
 * do: by their package, or by their own configuration.
 */
#ifndef TOKENADM_SERVICE_HOSTS_H
#define TOKENADM_SERVICE_HOSTS_H

#include <stdbool.h>

#include "doctor/setting.h"

struct service_host {
	const char *services[4]; /* usual PAM names, NULL after the last */
	const char *name;        /* what people call it */
	const char *processes[3];
	const char *unit;
	const char *accounts[3]; /* as which it runs, if nothing else shows */
	/* Where it names the service: files, and words before the name. */
	const char *files[4], *keywords[3];
	const char *marker; /* on the same line before the word; or NULL */
	bool is_personal;   /* run by people, and not a server */
};

/*
 * The host of a service, or NULL if none is known. *place is the line that
 * names the service; its number is 0 if the usual name is meant.
 */
const struct service_host *service_hosts_find(
    const char *service, struct setting *place);

#endif
