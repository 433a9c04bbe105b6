#include "issue/if_absent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/network.h"
#include "base/parse.h"
#include "cli/text.h"
#include "issue/owner.h"
#include "tokens/user_tokens.h"

struct look {
	const char *name;
	struct if_absent *absent;
};

static enum err
keep_if_named(const struct record *usable, void *arg, struct error *why)
{
	struct look *look = arg;

	(void)why;
	if (strcmp(usable->name, look->name) != 0)
		return ERR_OK;
	look->absent->found = true;
	look->absent->present = *usable;
	return ERR_OK;
}

enum err
if_absent_look(struct if_absent *absent, struct context *context,
    struct store *store, const struct record *wanted)
{
	struct look look = {wanted->name, absent};
	struct user_tokens room;
	enum err rc;

	absent->found = false;
	rc = user_tokens_read(&room, store, wanted->user, context->now,
	    keep_if_named, &look, &context->error);
	user_tokens_free(&room);
	if (rc == ERR_OK && absent->found)
		rc = owner_check_uid(context, &absent->present, wanted->uid);
	return rc;
}

static bool
lists_differ(const char *a, const char *b)
{
	return !list_has_all(a, b) || !list_has_all(b, a);
}

static bool
has_network(const struct record *record, const struct network *network)
{
	char text[NETWORK_TEXT_LEN + 1], other[NETWORK_TEXT_LEN + 1];

	network_format(network, text);
	for (size_t i = 0; i < record->from_count; i++) {
		network_format(&record->from[i], other);
		if (strcmp(text, other) == 0)
			return true;
	}
	return false;
}

/* Whether a has networks that b has not. */
static bool
has_more_networks(const struct record *a, const struct record *b)
{
	for (size_t i = 0; i < a->from_count; i++) {
		if (!has_network(b, &a->from[i]))
			return true;
	}
	return false;
}

/*
 * Whether a time of the token's is as the text says. A duration counts from
 * when the token got it: its issue, or an edit.
 */
static bool
is_then(const struct record *present, int64_t then, const char *text,
    bool (*parse)(const char *text, int64_t now, int64_t *when))
{
	int64_t when;

	if (parse(text, present->created.at, &when) && when == then)
		return true;
	return present->changed.at != 0 &&
	    parse(text, present->changed.at, &when) && when == then;
}

/* How a token can differ from the request. */
enum aspect {
	ASPECT_SERVICES,
	ASPECT_SCOPES,
	ASPECT_EXPIRES,
	ASPECT_STARTS,
	ASPECT_MAX_SESSIONS,
	ASPECT_FROM,
	ASPECT_DESCRIPTION,
	ASPECT_LOGO,
	/* edit has no option for these, and issue has one that takes nothing */
	ASPECT_LIFETIME,
	ASPECT_SHORT,
};
#define ASPECTS_OF_EDIT ASPECT_LIFETIME /* those before it */
#define ASPECTS (ASPECT_SHORT + 1)

/* The option of issue and edit, and the JSON key. */
static const struct {
	const char *option, *key;
} NAMES[ASPECTS] = {
    [ASPECT_SERVICES] = {"service", "services"},
    [ASPECT_SCOPES] = {"scope", "scopes"},
    [ASPECT_EXPIRES] = {"expires", "expires"},
    [ASPECT_STARTS] = {"starts", "starts"},
    [ASPECT_MAX_SESSIONS] = {"max-sessions", "max_sessions"},
    [ASPECT_FROM] = {"from", "from"},
    [ASPECT_DESCRIPTION] = {"description", "description"},
    [ASPECT_LOGO] = {"logo", "logo"},
    [ASPECT_LIFETIME] = {NULL, "lifetime"},
    [ASPECT_SHORT] = {NULL, "short"},
};

/* An option with a value that is not given matches anything. */
static bool
differs(enum aspect aspect, const struct args *args,
    const struct record *wanted, const struct record *present)
{
	const char *given = aspect >= ASPECTS_OF_EDIT
	    ? ""
	    : args_get(args, NAMES[aspect].option);

	if (given == NULL)
		return false;
	switch (aspect) {
	case ASPECT_SERVICES:
		return lists_differ(wanted->services, present->services);
	case ASPECT_SCOPES:
		return lists_differ(wanted->scopes, present->scopes);
	case ASPECT_EXPIRES:
		return !is_then(present, present->expires, given, parse_expiry);
	case ASPECT_STARTS:
		return !is_then(present, present->starts, given, parse_start);
	case ASPECT_MAX_SESSIONS:
		return wanted->max_sessions != present->max_sessions;
	case ASPECT_FROM:
		return has_more_networks(wanted, present) ||
		    has_more_networks(present, wanted);
	case ASPECT_DESCRIPTION:
		return strcmp(wanted->description, present->description) != 0;
	case ASPECT_LOGO:
		return wanted->logo_mark != present->logo_mark;
	case ASPECT_LIFETIME:
		return wanted->lifetime != present->lifetime;
	case ASPECT_SHORT:
		return wanted->is_short != present->is_short;
	}
	return true;
}

/* Prints it for people, on standard error. */
static void
print_present(enum aspect aspect, const struct record *present)
{
	char time[PARSE_TIME_LEN + 1], sessions[TEXT_MAX_SESSIONS_SIZE];
	char *networks = NULL;
	const char *text, *nothing = "none";

	if (aspect == ASPECT_SERVICES)
		text = present->services;
	else if (aspect == ASPECT_SCOPES)
		text = present->scopes;
	else if (aspect == ASPECT_DESCRIPTION)
		text = present->description;
	else if (aspect == ASPECT_LOGO)
		text = picture_type_name(present->logo);
	else if (aspect == ASPECT_LIFETIME)
		text = record_lifetime_name(present->lifetime);
	else if (aspect == ASPECT_SHORT)
		text = present->is_short ? "true" : "false";
	else if (aspect == ASPECT_FROM) {
		text = networks = text_networks(present);
		nothing = present->from_count == 0 ? "any" : "others";
	} else if (aspect == ASPECT_MAX_SESSIONS) {
		text_max_sessions(present, sessions);
		text = sessions;
		nothing = "no limit";
	} else {
		text_time(aspect == ASPECT_STARTS ? present->starts
						  : present->expires,
		    time);
		text = time;
		nothing = "at once";
	}
	text_print(stderr, text != NULL && text[0] != '\0' ? text : nothing);
	free(networks);
}

/* Quotes it for a shell; options that were accepted are printable. */
static void
print_word(const char *text)
{
	fputc('\'', stderr);
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			fputs("'\\''", stderr);
		else
			fputc(*text, stderr);
	}
	fputc('\'', stderr);
}

static void
print_remedy(const char *id, const struct args *args, const bool differing[])
{
	bool any = false;

	for (unsigned i = 0; i < ASPECTS_OF_EDIT; i++) {
		if (!differing[i])
			continue;
		if (!any)
			fprintf(stderr,
			    "tokenadm: to change that: tokenadm edit %s", id);
		fprintf(stderr, " --%s ", NAMES[i].option);
		print_word(args_get(args, NAMES[i].option));
		any = true;
	}
	if (any)
		fputc('\n', stderr);
	for (unsigned i = ASPECTS_OF_EDIT; i < ASPECTS; i++) {
		if (differing[i])
			fprintf(stderr,
			    "tokenadm: %s cannot be changed; to issue another: "
			    "tokenadm revoke %s\n",
			    NAMES[i].key, id);
	}
}

static void
print_json(const char *id, const bool differing[])
{
	const char *comma = "";

	printf("{\"changed\": false, \"id\": \"%s\", \"differs\": [", id);
	for (unsigned i = 0; i < ASPECTS; i++) {
		if (!differing[i])
			continue;
		printf("%s\"%s\"", comma, NAMES[i].key);
		comma = ", ";
	}
	puts("]}");
}

void
if_absent_print(const struct if_absent *absent, const struct args *args,
    const struct record *wanted)
{
	const struct record *present = &absent->present;
	bool differing[ASPECTS];

	fprintf(stderr, "tokenadm: nothing was changed: ");
	text_print_name(stderr, present);
	fprintf(stderr, " is there already: %s\n", present->id);
	for (unsigned i = 0; i < ASPECTS; i++) {
		differing[i] = differs((enum aspect)i, args, wanted, present);
		if (!differing[i])
			continue;
		fprintf(stderr,
		    "tokenadm: it differs in %s, and has: ", NAMES[i].key);
		print_present((enum aspect)i, present);
		fputc('\n', stderr);
	}
	print_remedy(present->id, args, differing);
	if (args_has(args, "json"))
		print_json(present->id, differing);
}
