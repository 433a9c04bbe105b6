/* Where the files are, and who we are there: what we are told first. */
#ifndef APITOKEN_HTTPS_SITE_H
#define APITOKEN_HTTPS_SITE_H

#include "fleet_helper/helper_identity.h"

struct https_site {
	char *source; /* https://HOST/PATH; with / at its end a directory */
	struct helper_identity identity;
};

/*
 * Takes a setting, a copy of its value: protocol, source, ca, certificate, key,
 * user, password. ERR_CONFIG, ERR_NOMEM.
 */
enum err https_site_take(struct https_site *site,
    const struct fleet_frame *frame, struct error *why);

/* Whether all is there. ERR_CONFIG. */
enum err https_site_end(const struct https_site *site, struct error *why);

/*
 * The URL of an issuer's file, to be freed; of the one file that there is if
 * the name is empty. NULL: no memory.
 */
char *https_site_url(const struct https_site *site, const char *issuer);

void https_site_free(struct https_site *site);

#endif
