#include "fleet_https/https_site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_file.h"

#define SCHEME "https://"

static enum err
take_source(
    struct https_site *site, const struct fleet_frame *value, struct error *why)
{
	if (value->len <= strlen(SCHEME) ||
	    memcmp(value->body, SCHEME, strlen(SCHEME)) != 0)
		return error_set(why, ERR_CONFIG,
		    "[fleet] source: of the form https://HOST/PATH");
	free(site->source);
	site->source = strndup((const char *)value->body, value->len);
	return site->source == NULL ? error_plain(why, ERR_NOMEM) : ERR_OK;
}

enum err
https_site_take(
    struct https_site *site, const struct fleet_frame *frame, struct error *why)
{
	struct fleet_frame value = *frame;
	char name[FLEET_NAME_MAX + 1];
	enum err rc;

	if (!fleet_frame_take_name(&value, name))
		return error_plain(why, ERR_CONFIG);
	if (strcmp(name, "protocol") == 0)
		return helper_identity_check_protocol(&value, why);
	if (strcmp(name, "source") == 0)
		return take_source(site, &value, why);
	if (helper_identity_take(&site->identity, name, &value, &rc, why))
		return rc;
	return error_set(why, ERR_CONFIG, "setting %s is not known", name);
}

enum err
https_site_end(const struct https_site *site, struct error *why)
{
	if (site->source != NULL && helper_identity_is_whole(&site->identity))
		return ERR_OK;
	return error_set(why, ERR_CONFIG,
	    "[https]: user goes with password, certificate with key");
}

char *
https_site_url(const struct https_site *site, const char *issuer)
{
	char *url = NULL;

	if (asprintf(&url, "%s%s%s", site->source, issuer,
		issuer[0] == '\0' ? "" : FLEET_SOURCE_SUFFIX) < 0)
		return NULL;
	return url;
}

void
https_site_free(struct https_site *site)
{
	free(site->source);
	helper_identity_free(&site->identity);
}
