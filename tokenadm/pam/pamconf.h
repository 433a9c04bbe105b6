/* What /etc/pam.d says of this machine's services. */
#ifndef TOKENADM_PAMCONF_H
#define TOKENADM_PAMCONF_H

#include <limits.h>
#include <stdbool.h>

#include "token/record.h"

/* Whether PAM has a stack for the service. */
bool pamconf_has_stack(const char *service);

/* Whether that stack, or what it includes, has pam_apitoken. */
bool pamconf_takes_tokens(const char *service);

/*
 * Whether the service is a program that runs with root's rights for whoever
 * starts it, as su and sudo are: there the module takes no tokens.
 */
bool pamconf_is_set_uid(const char *service);

/*
 * Sets path to that of the program behind a service which is named after it, as
 * sshd is; without links. False if there is none.
 */
bool pamconf_find_program(const char *service, char path[PATH_MAX]);

/* Takes the name of a service. */
typedef void pamconf_visitor(const char *service, void *arg);

/*
 * Names the services that have a stack, those of /etc/pam.d first, each place's
 * in the order of their names.
 */
void pamconf_each(pamconf_visitor *visit, void *arg);

/* Those that take tokens, as a list. */
void pamconf_services(char list[RECORD_SERVICES_MAX + 1]);

#endif
