/* What a certificate says of itself that etcd's gateway cares for. Pure. */
#ifndef APITOKEN_ETCD_CERTIFICATE_H
#define APITOKEN_ETCD_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>

#define ETCD_NAME_MAX 128 /* bytes */

struct etcd_certificate {
	int64_t ends;                 /* seconds since the epoch */
	bool has_name;                /* its subject has a CN */
	char name[ETCD_NAME_MAX + 1]; /* that, or "" if it cannot be shown */
};

/*
 * Reads the first certificate of a text in PEM. Its signature is not looked at.
 * False: there is none, or it is not understood.
 */
bool etcd_certificate_read(
    struct etcd_certificate *certificate, const char *pem);

#endif
