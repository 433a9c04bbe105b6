/*
 * Looks at the cluster itself, for tokenadm doctor: who answers, of which
 * version, whose clock, and what it would tell a stranger.
 */
#ifndef APITOKEN_ETCD_SURVEY_H
#define APITOKEN_ETCD_SURVEY_H

#include "fleet_etcd/etcd_store.h"

/*
 * Calls take with each fact, in the order and by the names that fleet_engine.h
 * has for survey; texts are printable. It ends early at the deadline.
 */
enum err etcd_survey(const struct etcd_store *store, int64_t deadline,
    etcd_taker *take, void *arg, struct error *why);

#endif
