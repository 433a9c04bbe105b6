/* What the client is told before it begins. */
#ifndef APITOKEN_ETCD_SETTINGS_H
#define APITOKEN_ETCD_SETTINGS_H

#include "fleet_etcd/etcd_store.h"

/*
 * Takes a setting, a copy of its value: protocol, endpoint (any number), ca,
 * certificate, key, user, password, prefix. ERR_CONFIG, ERR_NOMEM.
 */
enum err etcd_settings_take(struct etcd_store *store,
    const struct fleet_frame *frame, struct error *why);

/* Makes the client ready once all were taken. ERR_CONFIG, ERR_NOMEM. */
enum err etcd_settings_end(struct etcd_store *store, struct error *why);

#endif
