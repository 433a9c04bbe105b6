/* Which name service answers for a user: nsswitch.conf(5). */
#ifndef APITOKEN_NAME_SERVICES_H
#define APITOKEN_NAME_SERVICES_H

#include <stdbool.h>
#include <stddef.h>

#define NAME_SERVICES_FILE "/etc/nsswitch.conf"

/*
 * Whether a user who is in /etc/passwd and /etc/shadow is found there, and
 * nowhere before: `files` comes first for both, without a condition, and no
 * nscd(8) answers from what it remembers. False if that cannot be known. (Of a
 * process that has changed its root since its first look-up it is not known:
 * glibc goes on with the nsswitch.conf of the old one.)
 */
bool name_services_begin_with_files(void);

/* The same for the text of nsswitch.conf, which ends with a NUL. */
bool name_services_text_begins_with_files(const char *text);

#endif
