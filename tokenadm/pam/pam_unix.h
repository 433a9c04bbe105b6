/* What pam_unix says of an account, as far as tokenadm can see. */
#ifndef TOKENADM_PAM_UNIX_H
#define TOKENADM_PAM_UNIX_H

#include <stdint.h>

/*
 * What its account hook answers about the user, by what passwd and shadow have
 * of him, from whatever service. now is in seconds.
 */
int pam_unix_account(const char *user, int64_t now);

#endif
