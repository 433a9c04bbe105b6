/*
 * Who vouches for a server, and who we are there: what a program of ours is
 * told before it begins. Texts; NULL: none.
 */
#ifndef APITOKEN_HELPER_IDENTITY_H
#define APITOKEN_HELPER_IDENTITY_H

#include <stdbool.h>

#include "base/error.h"
#include "fleet/fleet_frame.h"

struct helper_identity {
	char *ca; /* PEM, as are the next two */
	char *certificate, *key;
	char *user, *password;
};

/*
 * Takes the setting with this name, a copy of its value, in place of an old
 * one. False: it is none of these. *rc: ERR_OK, ERR_NOMEM.
 */
bool helper_identity_take(struct helper_identity *identity, const char *name,
    const struct fleet_frame *value, enum err *rc, struct error *why);

/* Whether a certificate has its key, and a user his password. */
bool helper_identity_is_whole(const struct helper_identity *identity);

/* Wipes what is secret. */
void helper_identity_free(struct helper_identity *identity);

/*
 * Whether the setting `protocol` is that of fleet_frame.h. ERR_CONFIG: tokenadm
 * is of another version.
 */
enum err helper_identity_check_protocol(
    const struct fleet_frame *value, struct error *why);

#endif
