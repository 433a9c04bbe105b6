#include "fleet_etcd/etcd_keys.h"

#include <stdio.h>
#include <string.h>

void
etcd_key_head(
    char key[ETCD_KEY_MAX + 1], const char *prefix, const char *issuer)
{
	(void)snprintf(key, ETCD_KEY_MAX + 1, "%s/head/%s", prefix, issuer);
}

void
etcd_key_record(char key[ETCD_KEY_MAX + 1], const char *prefix,
    const char *issuer, const char *id)
{
	(void)snprintf(
	    key, ETCD_KEY_MAX + 1, "%s/rec/%s/%s", prefix, issuer, id);
}

/* The last character is no 0xff: names are of ASCII. */
void
etcd_key_end(char end[ETCD_KEY_MAX + 1], const char *key)
{
	(void)snprintf(end, ETCD_KEY_MAX + 1, "%s", key);
	end[strlen(end) - 1]++;
}

const char *
etcd_key_name(const char *key)
{
	const char *slash = strrchr(key, '/');

	return slash == NULL ? key : slash + 1;
}
