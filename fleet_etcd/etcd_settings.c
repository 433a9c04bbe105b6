#include "fleet_etcd/etcd_settings.h"

#include <stdlib.h>
#include <string.h>

static enum err
add_endpoint(struct etcd_client *client, const struct fleet_frame *frame,
    struct error *why)
{
	char *url;

	if (client->count == ETCD_ENDPOINTS_MAX || frame->len > ETCD_URL_MAX ||
	    frame->len < 8 || memcmp(frame->body, "https://", 8) != 0)
		return error_set(why, ERR_CONFIG,
		    "[etcd] endpoints: at most %d, of the form "
		    "https://HOST:PORT",
		    ETCD_ENDPOINTS_MAX);
	url = strndup((const char *)frame->body, frame->len);
	if (url == NULL)
		return error_plain(why, ERR_NOMEM);
	client->endpoints[client->count++].url = url;
	return ERR_OK;
}

static enum err
take_prefix(char prefix[ETCD_PREFIX_MAX + 1], const struct fleet_frame *frame,
    struct error *why)
{
	if (frame->len > ETCD_PREFIX_MAX)
		return error_set(why, ERR_CONFIG, "[etcd] prefix: too long");
	memcpy(prefix, frame->body, frame->len);
	prefix[frame->len] = '\0';
	return ERR_OK;
}

enum err
etcd_settings_take(struct etcd_store *store, const struct fleet_frame *frame,
    struct error *why)
{
	struct etcd_client *client = &store->client;
	struct fleet_frame value = *frame;
	char name[FLEET_NAME_MAX + 1];
	enum err rc;

	if (!fleet_frame_take_name(&value, name))
		return error_plain(why, ERR_CONFIG);
	if (strcmp(name, "protocol") == 0)
		return helper_identity_check_protocol(&value, why);
	if (strcmp(name, "endpoint") == 0)
		return add_endpoint(client, &value, why);
	if (strcmp(name, "prefix") == 0)
		return take_prefix(store->prefix, &value, why);
	if (helper_identity_take(&client->identity, name, &value, &rc, why))
		return rc;
	return error_set(why, ERR_CONFIG, "setting %s is not known", name);
}

enum err
etcd_settings_end(struct etcd_store *store, struct error *why)
{
	struct etcd_client *client = &store->client;

	if (client->count == 0 || client->identity.ca == NULL ||
	    store->prefix[0] == '\0' ||
	    !helper_identity_is_whole(&client->identity))
		return error_set(why, ERR_CONFIG,
		    "[etcd]: endpoints and ca are needed, user with password, "
		    "certificate with key");
	client->http = http_new(&client->identity);
	return client->http == NULL ? error_plain(why, ERR_NOMEM) : ERR_OK;
}
