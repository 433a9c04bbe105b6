/*
 * What must happen to a token, by a second implementation of the rules: from
 * the record in the store as it is now, and what the script knows of accounts,
 * config and options.
 */
#ifndef APITOKEN_TRUTH_H
#define APITOKEN_TRUTH_H

#include <stdbool.h>

#include "confine/confine_rule.h"
#include "machine.h"

enum answer {
	ANSWER_REFUSE,
	ANSWER_ACCEPT,
	ANSWER_EITHER, /* unknown, or something has failed */
};

/* Sets of scopes. */
#define TRUTH_READ 1U
#define TRUTH_WRITE 2U
#define TRUTH_ADMIN 4U
#define TRUTH_NOT_KNOWN 8U

/* The arguments of a line in pam.d. */
struct truth_line {
	const char *words[4];
	int config; /* inserted before that word; -1: none */
	unsigned config_at;
	enum answer valid;
	unsigned need; /* scopes */
	enum confine_mode confine;
};
#define TRUTH_LINES 18
extern const struct truth_line truth_lines[TRUTH_LINES];
#define TRUTH_LINE_RAW 17 /* followed by an argument of the script */

/* The config that a line leads to. */
unsigned truth_config(const struct truth_line *line);

/* A remote host that the script may name; NULL: none. */
struct truth_host {
	const char *text;
	bool is_near; /* within 10.0.0.0/8 */
};
#define TRUTH_HOSTS 8
extern const struct truth_host truth_hosts[TRUTH_HOSTS];

/* Who logs in, with which token. */
struct truth_claim {
	unsigned token;
	const char *user, *service, *from; /* NULL: unknown */
	const struct truth_line *line;
	unsigned need;      /* scopes */
	const char *ticket; /* of this login; "" for none */
	bool is_new;        /* it was not accepted before */
};

enum answer truth_of(const struct truth_claim *claim);

/*
 * What an accepted token must have when it is judged again, and how its session
 * must be confined.
 */
unsigned truth_need(const struct truth_claim *claim);
enum confine_mode truth_confine(const struct truth_claim *claim);

/* Whether it ends with its session. */
bool truth_ends_with_session(const struct truth_claim *claim);

/* Whether it is refused because the account is disabled. */
bool truth_is_disabled(const struct truth_claim *claim);

/* The one of two that promises less. */
enum answer truth_both(enum answer a, enum answer b);

#endif
