/*
 * Hears from etcd what has changed. For speed only: etcd may lose an event, a
 * member that is cut off is silent, and a watch outlives its token and its
 * role. So one that has not told what the heads tell is given up, and so is
 * each after some minutes.
 */
#ifndef APITOKEN_ETCD_WATCH_H
#define APITOKEN_ETCD_WATCH_H

#include "fleet_etcd/etcd_store.h"

struct etcd_watch {
	struct http_stream *stream; /* NULL: none now */
	int64_t heard; /* the mod_revision up to which it has told; 0: none */
	int64_t
	    behind;   /* since when the heads have told more; 0: they do not */
	int64_t end;  /* when it is given up (deadline_in's) */
	int64_t next; /* when another may be opened */
	unsigned failures; /* since the last that was heard */
};

/* Told what has changed, in order: a head, or a record; value NULL: it went. */
struct etcd_teller {
	enum err (*head)(
	    void *arg, const char *issuer, const struct etcd_bytes *value);
	enum err (*record)(void *arg, const char *issuer, const char *id,
	    const struct etcd_bytes *value);
	void *arg;
};

/*
 * Waits until something has changed, and tells it, or may have; descriptor is
 * readable; or the deadline. Errors are the teller's.
 */
enum err etcd_watch_wait(struct etcd_watch *watch, struct etcd_store *store,
    int descriptor, int64_t deadline, const struct etcd_teller *teller);

void etcd_watch_close(struct etcd_watch *watch);

#endif
