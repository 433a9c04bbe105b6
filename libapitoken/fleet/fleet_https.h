/*
 * The engine `file`, where [fleet] source is a URL: the same files, read from a
 * web server and written by nobody. What speaks to that is a program of its
 * own, fleet-https, as with fleet_etcd.h; who it is there is [https] in
 * apitoken.conf.
 *
 * A look at the heads reads the first bytes of each file, so that no more is
 * fetched of what has not changed, and nothing rests on what a server or cache
 * says of a file's age. A whole file that takes long is fetched while other
 * issuers are looked at.
 */
#ifndef APITOKEN_FLEET_HTTPS_H
#define APITOKEN_FLEET_HTTPS_H

#include "fleet/fleet_engine.h"

/* The most bytes of a file: a million tokens, each for 3 hosts, are 190 MB. */
#define FLEET_HTTPS_MAX ((size_t)512 << 20)

extern const struct fleet_engine fleet_https;

/* Whether a [fleet] source is a URL. */
bool fleet_https_is_url(const char *source);

/* Where that program is. */
const char *fleet_https_program(void);

#endif
