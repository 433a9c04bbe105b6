/*
 * libpam, loaded by who asks for passwords. If tokenadm were linked with it,
 * each command would load it, and libaudit with it, which takes about as long
 * as all the rest of a start.
 */
#ifndef TOKENADM_LIBPAM_H
#define TOKENADM_LIBPAM_H

#include <security/pam_appl.h>

#include "base/error.h"

/* As pam(3) has them. */
struct libpam {
	__typeof__(pam_start) *start;
	__typeof__(pam_authenticate) *authenticate;
	__typeof__(pam_acct_mgmt) *acct_mgmt;
	__typeof__(pam_get_item) *get_item;
	__typeof__(pam_end) *end;
};

/* Loads it, for the life of the process. ERR_SYSTEM. */
enum err libpam_load(struct libpam *pam, struct error *why);

#endif
