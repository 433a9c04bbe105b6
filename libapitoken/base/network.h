/*
 * Numeric addresses and networks, IPv4 and IPv6. Pure. No names: what PAM
 * calls the remote host may be a name that the client chose (CVE-2024-10963).
 */
#ifndef APITOKEN_NETWORK_H
#define APITOKEN_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An IPv4 network is kept as its v4-mapped IPv6 one, ::ffff:0:0/96 and up. */
struct network {
	uint8_t address[16];
	uint8_t prefix; /* bits, 0 to 128 */
};

#define NETWORK_TEXT_LEN 49 /* 45 of an address, and /128 */

/*
 * Reads an address, or a network as address/prefix, whose bits after the prefix
 * must be 0.
 */
bool network_parse(const char *text, struct network *network);

/* Whether network_parse takes it. */
bool network_is(const char *text);

/* The same as network_parse, but clears the bits after the prefix. */
bool network_parse_around(const char *text, struct network *network);

/*
 * Reads one numeric address as services report it: a v4-mapped address becomes
 * IPv4, a zone (fe80::1%eth0) is dropped. The prefix covers the whole address.
 */
bool network_parse_address(const char *text, struct network *address);

/*
 * Writes one numeric address in its usual form; "" for anything else, a name or
 * NULL among it.
 */
void network_format_address(const char *given, char text[NETWORK_TEXT_LEN + 1]);

/* Whether the address lies in the network. */
bool network_contains(
    const struct network *network, const struct network *address);

/* Writes a network in its usual form, a single address without a prefix. */
void network_format(
    const struct network *network, char text[NETWORK_TEXT_LEN + 1]);

#endif
