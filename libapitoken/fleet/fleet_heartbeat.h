/*
 * What an agent has last seen, for who judges a login: a file of root's in
 * /run, replaced as a whole. As text:
 *
 *	apitoken-fleet-heartbeat 1
 *	boot=the machine's boot, see boot.h
 *	issuer=NAME EPOCH SEQ SEEN
 *
 * with a line for each issuer of which all is applied, up to this epoch and
 * seq, and of which nothing newer was found by a request sent at SEEN
 * (nanoseconds of CLOCK_BOOTTIME). It is written after what it says is true.
 */
#ifndef APITOKEN_FLEET_HEARTBEAT_H
#define APITOKEN_FLEET_HEARTBEAT_H

#include <stddef.h>
#include <stdint.h>

#include "base/boot.h"
#include "base/error.h"
#include "fleet/fleet_entry.h"

#define FLEET_HEARTBEAT_MAX 16384 /* bytes */

struct fleet_beat {
	char issuer[PARSE_HOST_MAX + 1];
	uint64_t epoch, seq;
	int64_t seen; /* nanoseconds of CLOCK_BOOTTIME */
};

struct fleet_heartbeat {
	char boot[BOOT_LEN + 1];
	struct fleet_beat beats[FLEET_ISSUERS_MAX];
	size_t count;
};

/* Writes the text, and returns its length. Pure. */
size_t fleet_heartbeat_format(const struct fleet_heartbeat *heartbeat,
    char text[FLEET_HEARTBEAT_MAX + 1]);

/* Reads it. Pure. ERR_INVALID; *heartbeat is empty then. */
enum err fleet_heartbeat_parse(
    struct fleet_heartbeat *heartbeat, const char *text, size_t len);

/*
 * Writes and reads the file below the runtime directory run (rundir.h). One
 * that is missing or not understood reads as an empty one: nothing is fresh.
 * ERR_UNSAFE, ERR_SYSTEM, ERR_NOMEM.
 */
enum err fleet_heartbeat_write(const char *run,
    const struct fleet_heartbeat *heartbeat, struct error *why);
enum err fleet_heartbeat_read(
    const char *run, struct fleet_heartbeat *heartbeat, struct error *why);

/* What it says of an issuer; NULL: nothing. */
const struct fleet_beat *fleet_heartbeat_find(
    const struct fleet_heartbeat *heartbeat, const char *issuer);

#endif
