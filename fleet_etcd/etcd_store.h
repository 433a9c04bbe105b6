/* Heads and records of a fleet in etcd. */
#ifndef APITOKEN_ETCD_STORE_H
#define APITOKEN_ETCD_STORE_H

#include "fleet/fleet_frame.h"
#include "fleet_etcd/etcd_client.h"
#include "fleet_etcd/etcd_keys.h"

/* With its head, within the 128 operations that etcd allows. */
#define ETCD_STEP_RECORDS 125
/* Of its records: room for so many of the largest form */
#define ETCD_STEP_BYTES (1440U * 1024)

struct etcd_store {
	struct etcd_client client;
	char prefix[ETCD_PREFIX_MAX + 1];
	int64_t newest; /* mod_revision of the heads that were read last */
};

/* Called with each head or record; any return but ERR_OK ends it. */
typedef enum err etcd_taker(
    void *arg, const char *name, const struct etcd_bytes *value);

/* Heads of all issuers, of names that an issuer can have. */
enum err etcd_store_heads(struct etcd_store *store, int64_t deadline,
    etcd_taker *take, void *arg, struct error *why);

/*
 * The head of an issuer, if there is one, and its records in order of their
 * ids, all at one revision.
 */
enum err etcd_store_list(struct etcd_store *store, const char *issuer,
    int64_t deadline, etcd_taker *head, etcd_taker *record, void *arg,
    struct error *why);

/* One of a step's records; value NULL: it goes. */
struct etcd_record {
	char id[TOKEN_ID_LEN + 1];
	struct etcd_bytes value;
};

/*
 * Makes a step of at most ETCD_STEP_RECORDS records. ERR_EXISTS: another head
 * is there. Any other error: it may have been made.
 */
enum err etcd_store_put(struct etcd_store *store,
    const struct fleet_frame_step *step, const struct etcd_record *records,
    size_t count, int64_t deadline, struct error *why);

#endif
