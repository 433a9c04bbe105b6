/*
 * Numbers, durations, dates, names, lists, addresses, processes: the first byte
 * says which. What is accepted is the same again when it is written, and if
 * libc has a parser for it, that agrees.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/list.h"
#include "base/network.h"
#include "base/parse.h"
#include "login/log_line.h"
#include "session/process.h"

#define NOW INT64_C(1800000000)
#define CENTURY (INT64_C(100) * 365 * 86400)
#define DIGITS "0123456789"

static void
check_number(const char *text)
{
	uint64_t number = 7, limited = 7;
	bool is_one = parse_number(text, UINT64_MAX, &number);
	unsigned long long libc;

	errno = 0;
	libc = strtoull(text, NULL, 10);
	FUZZ_REQUIRE(is_one ==
	    (text[0] != '\0' && text[strspn(text, DIGITS)] == '\0' &&
		errno == 0));
	FUZZ_REQUIRE(number == (is_one ? libc : 7));
	FUZZ_REQUIRE(
	    parse_number(text, 999, &limited) == (is_one && number <= 999));
}

/* The unit that a duration's letter stands for; 0: none. */
static uint64_t
unit_of(const char *text)
{
	static const char LETTERS[] = "smhdwy";
	static const uint64_t SECONDS[] = {
	    1, 60, 3600, 86400, 604800, 31536000};
	const char *letter = text[0] != '\0' && text[1] == '\0'
	    ? strchr(LETTERS, text[0])
	    : NULL;

	return letter != NULL ? SECONDS[letter - LETTERS] : 0;
}

/* A number that libc reads too, and a letter; at most 100 years. */
static void
check_duration(const char *text)
{
	size_t digits = strspn(text, DIGITS);
	uint64_t unit = unit_of(text + digits);
	__int128 expected = (__int128)strtoull(text, NULL, 10) * unit;
	int64_t seconds = -1;

	FUZZ_REQUIRE(parse_duration(text, &seconds) ==
	    (digits > 0 && unit > 0 && expected <= CENTURY));
	FUZZ_REQUIRE(seconds == -1 || seconds == expected);
}

static void
check_start(const char *text)
{
	int64_t seconds = 7, when = 7, start = 7, expected = 7;
	bool is_good = true;

	if (strcmp(text, "now") == 0)
		expected = 0;
	else if (parse_duration(text, &seconds))
		expected = NOW + seconds;
	else if (parse_time(text, &when))
		expected = when;
	else
		is_good = false;
	FUZZ_REQUIRE(parse_start(text, NOW, &start) == is_good);
	FUZZ_REQUIRE(start == expected);
}

static void
check_expiry(const char *text)
{
	char written[PARSE_TIME_LEN + 1];
	int64_t seconds = 7, when = 7, again = 7;
	bool is_duration = parse_duration(text, &seconds);
	bool is_time = parse_time(text, &when);

	FUZZ_REQUIRE(!is_duration || !is_time);
	check_duration(text);
	if (is_time) {
		parse_format_time(when, written);
		FUZZ_REQUIRE(strncmp(written, text, 10) == 0);
		FUZZ_REQUIRE(parse_time(written, &again) && again == when);
		FUZZ_REQUIRE(strlen(text) == 10 || strcmp(written, text) == 0);
	}
	FUZZ_REQUIRE(parse_expiry(text, NOW, &again) ==
	    (is_duration || is_time || strcmp(text, "never") == 0));
	FUZZ_REQUIRE(!is_duration || again == NOW + seconds);
	FUZZ_REQUIRE(!is_duration || time_add(NOW, seconds) == again);
	check_start(text);
}

/*
 * Any number is either written as a time that is read as that number, or
 * refused.
 */
static void
check_format_time(const char *text)
{
	char written[PARSE_TIME_LEN + 1];
	int64_t when = 0, again;

	strncpy((char *)&when, text, sizeof(when));
	parse_format_time(when, written);
	if (written[0] == '\0')
		return;
	FUZZ_REQUIRE(strlen(written) == PARSE_TIME_LEN);
	FUZZ_REQUIRE(parse_time(written, &again) == (when >= 0));
	FUZZ_REQUIRE(when < 0 || again == when);
}

static void
check_names(const char *text)
{
	size_t len = strlen(text);
	bool printable = parse_is_printable(text, len);
	char *twice = malloc(2 * len + 1);

	FUZZ_REQUIRE(twice != NULL);
	strcpy(twice, text);
	strcpy(twice + len, text);
	FUZZ_REQUIRE(parse_is_printable(twice, 2 * len) == printable);
	FUZZ_REQUIRE(len == 0 || !parse_is_printable(text, len - 1));
	free(twice);
	FUZZ_REQUIRE(!printable || strpbrk(text, "\x1b\x07\n\r\t\x7f") == NULL);
	FUZZ_REQUIRE(parse_is_name(text) ==
	    (printable && len <= PARSE_NAME_MAX && !strchr(text, '/')));
	FUZZ_REQUIRE(parse_is_description(text) ==
	    (len == 0 || (printable && len <= PARSE_DESCRIPTION_MAX)));
	FUZZ_REQUIRE(!parse_is_service(text) || printable);
	FUZZ_REQUIRE(!parse_is_service(text) || !parse_is_service_group(text));
	FUZZ_REQUIRE(!parse_is_scope(text) || strpbrk(text, ", =/@") == NULL);
}

static void
check_list(const char *text)
{
	char list[200], again[200], word[LIST_WORD_MAX + 1];
	char bad[LIST_WORD_MAX + 1];
	const char *rest = list;
	unsigned count = 0;

	if (!list_parse(text, parse_is_scope, list, sizeof(list), bad)) {
		FUZZ_REQUIRE(strlen(bad) <= LIST_WORD_MAX);
		return;
	}
	FUZZ_REQUIRE(strlen(list) < sizeof(list));
	FUZZ_REQUIRE(
	    list_parse(list, parse_is_scope, again, sizeof(again), bad));
	FUZZ_REQUIRE(strcmp(list, again) == 0);
	for (; list_next(&rest, word); count++) {
		FUZZ_REQUIRE(parse_is_scope(word) && list_has(list, word));
		FUZZ_REQUIRE(!list_has(rest, word));
	}
	FUZZ_REQUIRE(count > 0 && !list_has(list, ""));
	/* A buffer that is one byte shorter is too short. */
	FUZZ_REQUIRE(
	    !list_parse(text, parse_is_scope, again, strlen(list), bad));
}

static bool
same_network(const struct network *a, const struct network *b)
{
	return a->prefix == b->prefix &&
	    memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

static bool
has_bit(const struct network *network, unsigned bit)
{
	return (network->address[bit / 8] << bit % 8 & 0x80) != 0;
}

static void
check_network(const char *text)
{
	char written[NETWORK_TEXT_LEN + 1];
	struct network network, address, again;
	bool is_network = network_parse(text, &network);
	bool is_address = network_parse_address(text, &address);

	if (is_network) {
		FUZZ_REQUIRE(network.prefix <= 128);
		for (unsigned i = network.prefix; i < 128; i++)
			FUZZ_REQUIRE(!has_bit(&network, i));
		network_format(&network, written);
		FUZZ_REQUIRE(network_parse(written, &again));
		FUZZ_REQUIRE(same_network(&network, &again));
		FUZZ_REQUIRE(network_contains(&network, &network));
	}
	if (!is_address)
		return;
	FUZZ_REQUIRE(address.prefix == 128);
	network_format(&address, written);
	FUZZ_REQUIRE(network_parse_address(written, &again));
	FUZZ_REQUIRE(same_network(&address, &again));
	FUZZ_REQUIRE(is_network || strchr(text, '%') != NULL);
	/* A network with the last bit of its prefix changed is another. */
	again = address;
	for (again.prefix = 128; again.prefix > 0; again.prefix--) {
		unsigned last = again.prefix - 1U;

		FUZZ_REQUIRE(network_contains(&again, &address));
		again.address[last / 8] ^= (uint8_t)(0x80U >> last % 8);
		FUZZ_REQUIRE(!network_contains(&again, &address));
		again.address[last / 8] ^= (uint8_t)(0x80U >> last % 8);
	}
}

static void
check_process(const char *text)
{
	char written[PROCESS_NAME_LEN + 1];
	struct process process = {7, 7}, again;
	uint64_t parent = 7;
	size_t len = strlen(text);
	uint8_t *exact = fuzz_copy((const uint8_t *)text, len);

	if (process_parse_name(text, &process)) {
		process_name(&process, written);
		FUZZ_REQUIRE(process_parse_name(written, &again));
		FUZZ_REQUIRE(again.pid == process.pid);
		FUZZ_REQUIRE(again.start == process.start);
	} else {
		FUZZ_REQUIRE(process.pid == 7 && process.start == 7);
	}
	process = (struct process){7, 7};
	if (process_parse_stat((const char *)exact, len, &process, &parent))
		FUZZ_REQUIRE(strtoull(text, NULL, 10) == process.pid);
	else
		FUZZ_REQUIRE(process.pid == 7 && parent == 7);
	free(exact);
}

/* Whatever the value, it stays one field of one line. */
static void
check_logline(const char *text)
{
	struct log_line line = {0};

	log_line_text(&line, "a");
	log_line_field(&line, "b", text);
	FUZZ_REQUIRE(line.len < sizeof(line.text));
	FUZZ_REQUIRE(strlen(line.text) == line.len);
	FUZZ_REQUIRE(strncmp(line.text, "a b=", 4) == 0);
	FUZZ_REQUIRE(line.len > 4 && strpbrk(line.text + 4, " =\"'") == NULL);
	log_line_sentence(&line, text);
	FUZZ_REQUIRE(line.len < sizeof(line.text));
	for (size_t i = 0; i < line.len; i++)
		FUZZ_REQUIRE(line.text[i] >= ' ' && line.text[i] <= '~');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const CHECKS[])(const char *text) = {
	    check_number,
	    check_expiry,
	    check_format_time,
	    check_names,
	    check_list,
	    check_network,
	    check_process,
	    check_logline,
	};
	char *text;

	if (size == 0)
		return 0;
	text = fuzz_string(data + 1, size - 1);
	CHECKS[data[0] % COUNT_OF(CHECKS)](text);
	free(text);
	return 0;
}
