#include "base/parse.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY (INT64_C(24) * 60 * 60)
#define DURATION_MAX (100 * 365 * DAY)
#define SCOPE_MAX 32

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

int64_t
time_add(int64_t when, int64_t span)
{
	int64_t sum;

	return __builtin_add_overflow(when, span, &sum) ? TIME_NEVER : sum;
}

/* Reads len digits; no sign or blank before them. */
static bool
digits(const char *text, size_t len, uint64_t max, uint64_t *number)
{
	uint64_t sum = 0;

	if (len == 0 || strspn(text, DIGITS) < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(
			sum, (uint64_t)(text[i] - '0'), &sum) ||
		    sum > max)
			return false;
	}
	*number = sum;
	return true;
}

bool
parse_number(const char *text, uint64_t max, uint64_t *number)
{
	return digits(text, strlen(text), max, number);
}

static int64_t
unit_seconds(char unit)
{
	switch (unit) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 60 * 60;
	case 'd':
		return DAY;
	case 'w':
		return 7 * DAY;
	case 'y':
		return 365 * DAY;
	default:
		return 0;
	}
}

bool
parse_duration(const char *text, int64_t *seconds)
{
	size_t len = strlen(text);
	uint64_t number;
	int64_t unit;

	if (len < 2)
		return false;
	unit = unit_seconds(text[len - 1]);
	if (unit == 0 ||
	    !digits(text, len - 1, (uint64_t)(DURATION_MAX / unit), &number))
		return false;
	*seconds = (int64_t)number * unit;
	return true;
}

/* Whether text has the form of pattern, in which 0 stands for any digit. */
static bool
has_form(const char *text, const char *pattern)
{
	for (; *pattern != '\0'; text++, pattern++) {
		if (*pattern == '0' ? *text < '0' || *text > '9'
				    : *text != *pattern)
			return false;
	}
	return *text == '\0';
}

static int
two_digits(const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

_Static_assert(sizeof(time_t) >= sizeof(int64_t),
    "glibc older than 2.34 cannot count beyond 2038 on 32 bits");

bool
parse_time(const char *text, int64_t *when)
{
	bool has_time = has_form(text, "0000-00-00T00:00:00Z");
	struct tm tm = {0}, back;
	time_t seconds;

	if (!has_time && !has_form(text, "0000-00-00"))
		return false;
	tm.tm_year = two_digits(text) * 100 + two_digits(text + 2) - 1900;
	tm.tm_mon = two_digits(text + 5) - 1;
	tm.tm_mday = two_digits(text + 8);
	if (has_time) {
		tm.tm_hour = two_digits(text + 11);
		tm.tm_min = two_digits(text + 14);
		tm.tm_sec = two_digits(text + 17);
	}
	back = tm;
	seconds = timegm(&back);
	/* timegm turns the 31st of February into the 3rd of March. */
	if (seconds < 0 || back.tm_year != tm.tm_year ||
	    back.tm_mon != tm.tm_mon || back.tm_mday != tm.tm_mday ||
	    back.tm_hour != tm.tm_hour || back.tm_min != tm.tm_min ||
	    back.tm_sec != tm.tm_sec)
		return false;
	*when = seconds;
	return true;
}

/* A duration from now, a date or a time. */
static bool
parse_when(const char *text, int64_t now, int64_t *when)
{
	int64_t seconds, sum;

	if (!parse_duration(text, &seconds))
		return parse_time(text, when);
	if (__builtin_add_overflow(now, seconds, &sum))
		return false;
	*when = sum;
	return true;
}

bool
parse_expiry(const char *text, int64_t now, int64_t *when)
{
	if (strcmp(text, "never") != 0)
		return parse_when(text, now, when);
	*when = TIME_NEVER;
	return true;
}

bool
parse_start(const char *text, int64_t now, int64_t *when)
{
	if (strcmp(text, "now") != 0)
		return parse_when(text, now, when);
	*when = 0;
	return true;
}

void
parse_format_time(int64_t when, char text[PARSE_TIME_LEN + 1])
{
	time_t seconds = (time_t)when;
	struct tm tm;

	text[0] = '\0';
	if (gmtime_r(&seconds, &tm) == NULL || tm.tm_year < -1900 ||
	    tm.tm_year > 9999 - 1900)
		return;
	/* strftime's %Y does not pad to four digits. */
	(void)snprintf(text, PARSE_TIME_LEN + 1,
	    "%04u-%02u-%02uT%02u:%02u:%02uZ",
	    (unsigned)(tm.tm_year + 1900) % 10000,
	    (unsigned)(tm.tm_mon + 1) % 100, (unsigned)tm.tm_mday % 100,
	    (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
	    (unsigned)tm.tm_sec % 100);
}

/*
 * Decodes the UTF-8 sequence at text into a code point; returns its length in
 * bytes, or 0 if it is cut, over-long, a surrogate or too large (RFC 3629).
 */
static size_t
decode_utf8(const unsigned char *text, uint32_t *point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = text[0] < 0x80 ? 1
	    : text[0] >> 5 == 0x6   ? 2
	    : text[0] >> 4 == 0xe   ? 3
	    : text[0] >> 3 == 0x1e  ? 4
				    : 0;

	if (len < 2) {
		*point = text[0];
		return len;
	}
	*point = text[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if (text[i] >> 6 != 0x2)
			return 0;
		*point = *point << 6 | (text[i] & 0x3f);
	}
	if (*point < least[len] || *point > 0x10ffff ||
	    (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return len;
}

static bool
is_printable_point(uint32_t point)
{
	if (point < 0x20 || (point >= 0x7f && point < 0xa0))
		return false; /* controls, C1 too: terminals obey them */
	if (point >= 0x2028 && point <= 0x202e)
		return false; /* line separators and direction */
	if (point == 0x200e || point == 0x200f || point == 0x61c ||
	    (point >= 0x2066 && point <= 0x2069))
		return false; /* direction: CVE-2021-42574 */
	return point != 0xfeff && (point & 0xfffe) != 0xfffe;
}

bool
parse_is_printable(const char *text, size_t max)
{
	const unsigned char *at = (const unsigned char *)text;
	uint32_t point;
	size_t len = strlen(text);

	if (len == 0 || len > max)
		return false;
	while (*at != '\0') {
		size_t step = decode_utf8(at, &point);

		if (step == 0 || !is_printable_point(point))
			return false;
		at += step;
	}
	return true;
}

bool
parse_is_name(const char *text)
{
	return parse_is_printable(text, PARSE_NAME_MAX) &&
	    strchr(text, '/') == NULL;
}

bool
parse_is_description(const char *text)
{
	return text[0] == '\0' ||
	    parse_is_printable(text, PARSE_DESCRIPTION_MAX);
}

/* Whether text is 1 to max characters from the set. */
static bool
is_of(const char *text, const char *set, size_t max)
{
	size_t len = strspn(text, set);

	return len > 0 && len <= max && text[len] == '\0';
}

bool
parse_is_service(const char *text)
{
	return text[0] != '.' && text[0] != '-' &&
	    is_of(text, DIGITS LOWER UPPER "._-", PARSE_SERVICE_MAX);
}

bool
parse_is_service_group(const char *text)
{
	return text[0] == '@' && parse_is_service(text + 1);
}

bool
parse_is_service_or_group(const char *text)
{
	return parse_is_service(text) || parse_is_service_group(text);
}

bool
parse_is_host(const char *text)
{
	return text[0] != '.' && text[0] != '-' &&
	    is_of(text, DIGITS LOWER "._-", PARSE_HOST_MAX);
}

bool
parse_is_scope(const char *text)
{
	return text[0] >= 'a' && text[0] <= 'z' &&
	    is_of(text, DIGITS LOWER "._:-", SCOPE_MAX);
}
