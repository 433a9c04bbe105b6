/*
 * A login through libpam, with the stacks in /etc/pam.d and without the delay
 * after a refusal.
 */
#ifndef APITOKEN_CLIENT_H
#define APITOKEN_CLIENT_H

#include <security/pam_appl.h>

/*
 * Starts a login; password must stay valid until client_end. NULL: no memory.
 */
pam_handle_t *client_start(
    const char *service, const char *user, const char *password);

void client_end(pam_handle_t *pamh);

#endif
