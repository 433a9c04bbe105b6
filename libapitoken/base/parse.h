/*
 * Text to numbers, durations, dates and names, and back. Pure: no locale, no
 * time zone, no system call. A parser takes the whole text or nothing; on
 * false its result is untouched.
 */
#ifndef APITOKEN_PARSE_H
#define APITOKEN_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A point in time is in seconds since the epoch; this one never comes. */
#define TIME_NEVER INT64_MAX

/* A time plus a span in seconds; TIME_NEVER if either is, or on overflow. */
int64_t time_add(int64_t when, int64_t span);

#define PARSE_TIME_LEN 20 /* 2027-01-31T12:00:00Z */

/* Decimal digits only, at most max. */
bool parse_number(const char *text, uint64_t max, uint64_t *number);

/*
 * A number and one of s, m, h, d, w, y (365 days): 90d. At most 100 years.
 * The result is in seconds.
 */
bool parse_duration(const char *text, int64_t *seconds);

/*
 * A date, 2027-01-31 (that day's first instant in UTC, as usermod --expiredate
 * has it), or an RFC 3339 time in UTC, 2027-01-31T12:00:00Z.
 */
bool parse_time(const char *text, int64_t *when);

/*
 * When something expires: a duration from now, a date or time, or `never`
 * (TIME_NEVER).
 */
bool parse_expiry(const char *text, int64_t now, int64_t *when);

/* When something starts: likewise, but `now` (0) in place of `never`. */
bool parse_start(const char *text, int64_t now, int64_t *when);

/* Writes when as an RFC 3339 time in UTC; years outside 0-9999 become "". */
void parse_format_time(int64_t when, char text[PARSE_TIME_LEN + 1]);

/*
 * Whether text is 1 to max bytes of printable UTF-8: valid, and without
 * control characters, line separators, or characters that change the writing
 * direction of what follows.
 */
bool parse_is_printable(const char *text, size_t max);

/* Whether text is a token's name: printable, 1 to 64 bytes, no slash. */
#define PARSE_NAME_MAX 64
bool parse_is_name(const char *text);

/* A description: printable, up to 256 bytes, may be empty. */
#define PARSE_DESCRIPTION_MAX 256
bool parse_is_description(const char *text);

/*
 * A PAM service name: 1 to 64 of [A-Za-z0-9._-], not beginning with '.' or
 * '-'. The word `any` is one too; it stands for all of them.
 */
#define PARSE_SERVICE_MAX 64
bool parse_is_service(const char *text);

/* A group of services as a token names it: `@` and a service name. */
bool parse_is_service_group(const char *text);

/* A service or a group of them. */
bool parse_is_service_or_group(const char *text);

/*
 * The name of a host, of a group of hosts, or of who issues tokens to them: as
 * a service's, in small letters.
 */
#define PARSE_HOST_MAX 64
bool parse_is_host(const char *text);

/* A scope: 1 to 32 of [a-z0-9._:-], beginning with a letter. */
bool parse_is_scope(const char *text);

#endif
