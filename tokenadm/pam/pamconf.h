/* This machine's PAM services, from /etc/pam.d. */
#ifndef TOKENADM_PAMCONF_H
#define TOKENADM_PAMCONF_H

#include <limits.h>
#include <stdbool.h>

#include "token/record.h"

/* Whether PAM has a stack for the service. */
bool pamconf_has_stack(const char *service);

/* Whether that stack, with its includes, has pam_apitoken. */
bool pamconf_takes_tokens(const char *service);

/*
 * Sets path to the program named like the service, such as sshd, with links
 * resolved. False if there is none.
 */
bool pamconf_find_program(const char *service, char path[PATH_MAX]);

/* Gets the name of a service. */
typedef void pamconf_visitor(const char *service, void *arg);

/*
 * Visits the services that have a stack, those of /etc/pam.d first; sorted by
 * name within each directory.
 */
void pamconf_each(pamconf_visitor *visit, void *arg);

/* A list of the services that take tokens. */
void pamconf_services(char list[RECORD_SERVICES_MAX + 1]);

#endif
