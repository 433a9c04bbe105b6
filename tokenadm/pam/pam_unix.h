/* Predicts what pam_unix says about an account. */
#ifndef TOKENADM_PAM_UNIX_H
#define TOKENADM_PAM_UNIX_H

#include <stdint.h>

/*
 * The result of its account hook for the user, from passwd and shadow of any
 * source. now is in seconds.
 */
int pam_unix_account(const char *user, int64_t now);

#endif
