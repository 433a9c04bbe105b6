#include "base/network.h"

#include <string.h>

#include "lib/unit.h"

/* What network_parse accepts, and how network_format writes it. */
static const struct {
	const char *text, *form;
	uint8_t prefix;
} NETWORKS[] = {
    {"192.0.2.1", "192.0.2.1", 128},
    {"192.0.2.1/32", "192.0.2.1", 128},
    {"192.0.2.0/24", "192.0.2.0/24", 120},
    {"192.0.2.128/25", "192.0.2.128/25", 121},
    {"0.0.0.0/0", "0.0.0.0/0", 96},
    {"128.0.0.0/1", "128.0.0.0/1", 97},
    {"2001:db8::1", "2001:db8::1", 128},
    {"2001:DB8:0:0::1/128", "2001:db8::1", 128},
    {"2001:db8::/32", "2001:db8::/32", 32},
    {"::/0", "::/0", 0},
    {"8000::/1", "8000::/1", 1},
    {"::1", "::1", 128},
    /* a v4-mapped address is the IPv4 one */
    {"::ffff:192.0.2.1", "192.0.2.1", 128},
    {"::ffff:192.0.2.0/120", "192.0.2.0/24", 120},
    {"::ffff:0:0/96", "0.0.0.0/0", 96},
    /* but not a network that contains more than IPv4 */
    {"::fffe:0:0/95", "::fffe:0:0/95", 95},
    {"fe80:1111:2222:3333:4444:5555:6666:7777",
	"fe80:1111:2222:3333:4444:5555:6666:7777", 128},
};

static void
test_networks_round_trip(void **state)
{
	struct network network, again;
	char text[NETWORK_TEXT_LEN + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(NETWORKS); i++) {
		const char *row = NETWORKS[i].text;

		assert_row(row, network_parse(row, &network));
		assert_row(row, network.prefix == NETWORKS[i].prefix);
		network_format(&network, text);
		assert_string_equal(text, NETWORKS[i].form);
		assert_row(text, network_parse(text, &again));
		assert_row(text, again.prefix == network.prefix);
		assert_memory_equal(again.address, network.address, 16);
	}
}

static const char *const BAD[] = {
    "",
    " ",
    "localhost",
    "192.0.2",
    "192.0.2.1.1",
    "192.0.2.256",
    "192.0.2.1 ",
    " 192.0.2.1",
    "192.0.2.1\n",
    "192.0.2.0/",
    "192.0.2.0/33",
    "192.0.2.0/-1",
    "192.0.2.0/+24",
    "192.0.2.0/ 24",
    "192.0.2.0/24 ",
    "192.0.2.0/24/24",
    "192.0.2.0/255.255.255.0",
    "192.0.2.0/18446744073709551640",
    "192.0.2.1/24", /* bits after the prefix */
    "192.0.2.128/24",
    "2001:db8::/129",
    "2001:db8::1/64",
    "2001:db9::/31",
    "::ffff:0:0/95",
    "2001:db8:::1",
    "g::1",
    "fe80::1%eth0", /* a zone is meaningless in a limit */
    "fe80::1%eth0/64",
    "fe80:1111:2222:3333:4444:5555:6666:7777:8888",
    "00000000000000000000000000000000000000000000000000::1",
    "/24",
    "/",
};

static void
test_network_around(void **state)
{
	static const struct {
		const char *text, *network;
	} ROWS[] = {
	    {"10.0.0.1/8", "10.0.0.0/8"},
	    {"192.0.2.255/25", "192.0.2.128/25"},
	    {"192.0.2.1/32", "192.0.2.1"},
	    {"192.0.2.1", "192.0.2.1"},
	    {"255.255.255.255/0", "0.0.0.0/0"},
	    {"2001:db9::1/31", "2001:db8::/31"},
	    {"ffff::1/0", "::/0"},
	};
	struct network network;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		char text[NETWORK_TEXT_LEN + 1];

		assert_row(
		    ROWS[i].text, network_parse_around(ROWS[i].text, &network));
		network_format(&network, text);
		assert_string_equal(text, ROWS[i].network);
	}
	assert_false(network_parse_around("192.0.2.1/33", &network));
	assert_false(network_parse_around("localhost/8", &network));
}

static void
test_networks_refused(void **state)
{
	struct network network = {.prefix = 77};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		assert_row(BAD[i], !network_parse(BAD[i], &network));
		assert_row(BAD[i], network.prefix == 77);
	}
}

static const struct {
	const char *text, *form;
} ADDRESSES[] = {
    {"192.0.2.1", "192.0.2.1"},
    {"::ffff:192.0.2.1", "192.0.2.1"},
    {"::FFFF:c000:201", "192.0.2.1"},
    {"fe80::1%eth0", "fe80::1"},
    {"fe80::1%7", "fe80::1"},
    {"fe80::1", "fe80::1"},
    {"::", "::"},
};

static void
test_addresses(void **state)
{
	struct network address;
	char text[NETWORK_TEXT_LEN + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ADDRESSES); i++) {
		const char *row = ADDRESSES[i].text;

		assert_row(row, network_parse_address(row, &address));
		assert_row(row, address.prefix == 128);
		network_format(&address, text);
		assert_string_equal(text, ADDRESSES[i].form);
	}
}

static const char *const BAD_ADDRESSES[] = {
    "",
    "host.example",
    "192.0.2.1/32",
    "192.0.2.1%eth0",
    "192.0.2.1.example.org",
    "2001:db8::1/128",
    "%eth0",
    " ::1",
    "127.1",
    "0x7f.0.0.1",
    "2130706433",
};

static void
test_addresses_refused(void **state)
{
	struct network address = {.prefix = 77};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD_ADDRESSES); i++) {
		assert_row(BAD_ADDRESSES[i],
		    !network_parse_address(BAD_ADDRESSES[i], &address));
		assert_row(BAD_ADDRESSES[i], address.prefix == 77);
	}
}

static const struct {
	const char *network, *address;
	bool inside;
} CONTAINS[] = {
    {"192.0.2.0/24", "192.0.2.0", true},
    {"192.0.2.0/24", "192.0.2.255", true},
    {"192.0.2.0/24", "192.0.3.0", false},
    {"192.0.2.0/24", "192.0.1.255", false},
    {"192.0.2.0/24", "::ffff:192.0.2.7", true},
    {"::ffff:192.0.2.0/120", "192.0.2.7", true},
    {"192.0.2.128/25", "192.0.2.128", true},
    {"192.0.2.128/25", "192.0.2.127", false},
    {"192.0.2.4/30", "192.0.2.7", true},
    {"192.0.2.4/30", "192.0.2.8", false},
    {"192.0.2.1", "192.0.2.1", true},
    {"192.0.2.1", "192.0.2.0", false},
    {"0.0.0.0/0", "255.255.255.255", true},
    {"0.0.0.0/0", "2001:db8::1", false},
    {"::/0", "2001:db8::1", true},
    {"2001:db8::/32", "2001:db8:ffff::1", true},
    {"2001:db8::/32", "2001:db9::", false},
    {"2001:db8::/33", "2001:db8:8000::", false},
    {"2001:db8::/33", "2001:db8:7fff::", true},
    {"fe80::/10", "fe80::1%eth0", true},
    /* the same 32 bits, but another address */
    {"192.0.2.0/24", "::192.0.2.7", false},
};

static void
test_contains(void **state)
{
	struct network network, address;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(CONTAINS); i++) {
		assert_true(network_parse(CONTAINS[i].network, &network));
		assert_true(
		    network_parse_address(CONTAINS[i].address, &address));
		assert_row(CONTAINS[i].address,
		    network_contains(&network, &address) == CONTAINS[i].inside);
	}
}

/* Compared with an oracle that works bit by bit. */
static void
test_contains_at_each_prefix(void **state)
{
	struct network network = {.address = {0}}, address = {.prefix = 128};

	(void)state;
	for (unsigned prefix = 0; prefix <= 128; prefix++) {
		network.prefix = (uint8_t)prefix;
		for (unsigned bit = 0; bit < 128; bit++) {
			memset(address.address, 0, 16);
			address.address[bit / 8] = (uint8_t)(0x80 >> bit % 8);
			assert_int_equal(network_contains(&network, &address),
			    bit >= prefix);
		}
	}
}

static void
test_format_fits_the_longest(void **state)
{
	struct network network = {.prefix = 127};
	char text[NETWORK_TEXT_LEN + 1];

	(void)state;
	memset(network.address, 0xfe, sizeof(network.address));
	network_format(&network, text);
	assert_string_equal(
	    text, "fefe:fefe:fefe:fefe:fefe:fefe:fefe:fefe/127");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_networks_round_trip),
	    cmocka_unit_test(test_networks_refused),
	    cmocka_unit_test(test_network_around),
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_addresses_refused),
	    cmocka_unit_test(test_contains),
	    cmocka_unit_test(test_contains_at_each_prefix),
	    cmocka_unit_test(test_format_fits_the_longest),
	};

	return unit_run(tests);
}
