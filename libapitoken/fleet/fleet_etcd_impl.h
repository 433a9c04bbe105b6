/* Shared by fleet_etcd.c and its parts only. */
#ifndef APITOKEN_FLEET_ETCD_IMPL_H
#define APITOKEN_FLEET_ETCD_IMPL_H

#include "base/growing.h"
#include "fleet/fleet_ask.h"
#include "fleet/fleet_etcd.h"

#define ETCD_RECORDS_MOST 125
#define ETCD_FACT_MAX 512 /* bytes */

struct etcd_state {
	struct etcd_policy policy;
	char fleet[CONFIG_FLEET_ID_LEN + 1];
	struct fleet_told told; /* its paths lie in policy */
	struct fleet_helper helper;
};

/* Sets which files are told, once the policy is there. */
void etcd_state_name_files(struct etcd_state *state);

/*
 * Starts the helper and tells it its settings, unless it runs and the files are
 * as they were. ERR_MISSING, ERR_UNSAFE, ERR_DENIED, ERR_CONFIG, ERR_SYSTEM,
 * ERR_BUSY.
 */
enum err etcd_state_ready(
    struct etcd_state *state, int64_t deadline, struct error *why);

/* An issuer's head and records as a snapshot, see fleet_snapshot.h. */
struct etcd_image {
	struct growing all;
	size_t head; /* its length; 0: there is none */
};

/* Reads it; free image->all.bytes, even after an error. */
enum err etcd_state_image(struct etcd_state *state, const char *issuer,
    struct etcd_image *image, int64_t deadline, struct error *why);

/* One step; put->head NULL: the head stays as it is. */
enum err etcd_state_put(struct etcd_state *state,
    const struct fleet_engine_put *put, int64_t deadline, struct error *why);

/* See fleet_engine.h. */
enum err etcd_state_rewrite(struct etcd_state *state,
    const struct fleet_engine_put *put, int64_t deadline, struct error *why);

#endif
