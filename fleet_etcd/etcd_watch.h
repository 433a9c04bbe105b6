/*
 * Hears from etcd when a head has changed. For speed only: etcd may lose an
 * event, a member that is cut off is silent, and a watch outlives its token and
 * its role. So one that is not heard when it should be is given up, and so is
 * each after some minutes.
 */
#ifndef APITOKEN_ETCD_WATCH_H
#define APITOKEN_ETCD_WATCH_H

#include "fleet_etcd/etcd_store.h"

struct etcd_watch {
	struct http_stream *stream; /* NULL: none now */
	int64_t heard;              /* the highest mod_revision it has told */
	int64_t end;                /* when it is given up (lock_deadline's) */
	int64_t next;               /* when another may be opened */
	unsigned failures;          /* since the last that was heard */
};

/*
 * Waits until a head may have changed, descriptor is readable, or the deadline.
 */
void etcd_watch_wait(struct etcd_watch *watch, struct etcd_store *store,
    int descriptor, int64_t deadline);

/*
 * Called when the heads were read: a watch that has not told of the newest is
 * deaf, and given up.
 */
void etcd_watch_compare(
    struct etcd_watch *watch, const struct etcd_store *store);

void etcd_watch_close(struct etcd_watch *watch);

#endif
