#include "fleet_helper/helper_identity.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

static void
forget(char **text)
{
	if (*text != NULL)
		crypto_wipe(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

static char **
find(struct helper_identity *identity, const char *name)
{
	if (strcmp(name, "ca") == 0)
		return &identity->ca;
	if (strcmp(name, "certificate") == 0)
		return &identity->certificate;
	if (strcmp(name, "key") == 0)
		return &identity->key;
	if (strcmp(name, "user") == 0)
		return &identity->user;
	if (strcmp(name, "password") == 0)
		return &identity->password;
	return NULL;
}

bool
helper_identity_take(struct helper_identity *identity, const char *name,
    const struct fleet_frame *value, enum err *rc, struct error *why)
{
	char **member = find(identity, name);

	if (member == NULL)
		return false;
	forget(member);
	*member = strndup((const char *)value->body, value->len);
	*rc = *member == NULL ? error_plain(why, ERR_NOMEM) : ERR_OK;
	return true;
}

bool
helper_identity_is_whole(const struct helper_identity *identity)
{
	return (identity->user == NULL) == (identity->password == NULL) &&
	    (identity->certificate == NULL) == (identity->key == NULL);
}

void
helper_identity_free(struct helper_identity *identity)
{
	forget(&identity->ca);
	forget(&identity->certificate);
	forget(&identity->key);
	forget(&identity->user);
	forget(&identity->password);
}

enum err
helper_identity_check_protocol(
    const struct fleet_frame *value, struct error *why)
{
	if (value->len == strlen(FLEET_FRAME_PROTOCOL) &&
	    memcmp(value->body, FLEET_FRAME_PROTOCOL, value->len) == 0)
		return ERR_OK;
	return error_set(why, ERR_CONFIG,
	    "tokenadm and tokenadm-fleet are of different versions: upgrade "
	    "both, and restart apitoken-fleet");
}
