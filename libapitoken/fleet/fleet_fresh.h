/* Whether what this host knows of an issuer is fresh. */
#ifndef APITOKEN_FLEET_FRESH_H
#define APITOKEN_FLEET_FRESH_H

#include <stdint.h>

#include "fleet/fleet_head.h"
#include "fleet/fleet_heartbeat.h"

/* When it is asked. */
struct fleet_moment {
	char boot[BOOT_LEN + 1];
	int64_t boottime; /* nanoseconds of CLOCK_BOOTTIME */
	int64_t now;      /* seconds */
};

enum fleet_freshness {
	FLEET_BEHIND = 0, /* the store lacks what the heartbeat says it had */
	FLEET_STALE,
	FLEET_FRESH,
};

/* Sets when it is: boot and clock of this machine. ERR_SYSTEM. */
enum err fleet_moment_now(
    struct fleet_moment *moment, int64_t now, struct error *why);

/*
 * Pure. The heartbeat was read before the store, whose head of the issuer it
 * is; NULL: nothing is applied. stale_after is in seconds.
 */
enum fleet_freshness fleet_fresh_judge(const struct fleet_heartbeat *heartbeat,
    const char *issuer, const struct fleet_head *head,
    const struct fleet_moment *moment, int64_t stale_after);

#endif
