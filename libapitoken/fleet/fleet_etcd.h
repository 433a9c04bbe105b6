/*
 * The engine `etcd`: what speaks to it is a program of its own, fleet-etcd, so
 * that nothing else needs its libraries and no right of root's is near what
 * comes from the network. Its settings are [etcd] in apitoken.conf; the files
 * that those name are read here, and again when they have changed.
 */
#ifndef APITOKEN_FLEET_ETCD_H
#define APITOKEN_FLEET_ETCD_H

#include "fleet/fleet_engine.h"

extern const struct fleet_engine fleet_etcd;

/* Where that program is. */
const char *fleet_etcd_program(void);

#endif
