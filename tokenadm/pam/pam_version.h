/*
 * Which Linux-PAM the machine has. Debian 12 has 1.5, Debian 13 has 1.7; where
 * what they do differs, it changed with 1.6.
 */
#ifndef TOKENADM_PAM_VERSION_H
#define TOKENADM_PAM_VERSION_H

#include <stdbool.h>

/*
 * Whether it is older than 1.6. Found out once, from the libpam.so.0 that would
 * be loaded; false if there is none.
 */
bool pam_is_1_5(void);

#endif
