#include "base/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/parse.h"

#define BITS 128
#define V4_START 96 /* where the IPv4 address is in a v4-mapped one */

static const uint8_t V4_PREFIX[V4_START / 8] = {[10] = 0xff, [11] = 0xff};

static bool
is_v4(const struct network *network)
{
	return network->prefix >= V4_START &&
	    memcmp(network->address, V4_PREFIX, sizeof(V4_PREFIX)) == 0;
}

/* Sets the address from text, and *start to the bits before it. */
static bool
parse_numeric(const char *text, struct network *network, uint8_t *start)
{
	if (inet_pton(AF_INET6, text, network->address) == 1) {
		*start = 0;
		return true;
	}
	memcpy(network->address, V4_PREFIX, sizeof(V4_PREFIX));
	*start = V4_START;
	return inet_pton(AF_INET, text, network->address + sizeof(V4_PREFIX)) ==
	    1;
}

/* Whether all bits after the prefix are 0. */
static bool
is_whole(const struct network *network)
{
	for (unsigned bit = network->prefix; bit < BITS; bit++) {
		if (network->address[bit / 8] & (0x80U >> bit % 8))
			return false;
	}
	return true;
}

static void
clear_behind(struct network *network)
{
	for (unsigned bit = network->prefix; bit < BITS; bit++) {
		unsigned others = ~(0x80U >> bit % 8);

		network->address[bit / 8] &= (uint8_t)others;
	}
}

/* Reads a network, whatever the bits after its prefix. */
static bool
parse(const char *text, struct network *network)
{
	char address[INET6_ADDRSTRLEN];
	size_t len = strcspn(text, "/");
	struct network result;
	uint64_t prefix;
	uint8_t start;

	if (len >= sizeof(address))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	if (!parse_numeric(address, &result, &start))
		return false;
	prefix = (uint64_t)(BITS - start);
	if (text[len] == '/' && !parse_number(text + len + 1, prefix, &prefix))
		return false;
	result.prefix = (uint8_t)(start + prefix);
	*network = result;
	return true;
}

bool
network_parse(const char *text, struct network *network)
{
	struct network result;

	if (!parse(text, &result) || !is_whole(&result))
		return false;
	*network = result;
	return true;
}

bool
network_is(const char *text)
{
	struct network network;

	return network_parse(text, &network);
}

bool
network_parse_around(const char *text, struct network *network)
{
	if (!parse(text, network))
		return false;
	clear_behind(network);
	return true;
}

bool
network_parse_address(const char *text, struct network *address)
{
	char plain[INET6_ADDRSTRLEN];
	size_t len = strcspn(text, "%");
	struct network result = {.prefix = BITS};
	uint8_t start;

	if (len >= sizeof(plain))
		return false;
	memcpy(plain, text, len);
	plain[len] = '\0';
	if (!parse_numeric(plain, &result, &start) ||
	    (text[len] == '%' && start != 0))
		return false;
	*address = result;
	return true;
}

bool
network_contains(const struct network *network, const struct network *address)
{
	unsigned whole = network->prefix / 8, rest = network->prefix % 8;

	if (memcmp(network->address, address->address, whole) != 0)
		return false;
	return rest == 0 ||
	    (network->address[whole] ^ address->address[whole]) >> (8 - rest) ==
	    0;
}

void
network_format(const struct network *network, char text[NETWORK_TEXT_LEN + 1])
{
	bool v4 = is_v4(network);
	unsigned start = v4 ? V4_START : 0;
	char address[INET6_ADDRSTRLEN];

	text[0] = '\0';
	if (inet_ntop(v4 ? AF_INET : AF_INET6, network->address + start / 8,
		address, sizeof(address)) == NULL)
		return;
	if (network->prefix == BITS)
		(void)snprintf(text, NETWORK_TEXT_LEN + 1, "%s", address);
	else
		(void)snprintf(text, NETWORK_TEXT_LEN + 1, "%s/%u", address,
		    network->prefix - start);
}

void
network_format_address(const char *given, char text[NETWORK_TEXT_LEN + 1])
{
	struct network address;

	text[0] = '\0';
	if (given != NULL && network_parse_address(given, &address))
		network_format(&address, text);
}
