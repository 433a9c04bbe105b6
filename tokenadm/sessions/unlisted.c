#include "sessions/unlisted.h"

#include <time.h>

#include "cli/text.h"
#include "store/last_use.h"
#include "store/store.h"

#define NOTED_EVERY 60 /* seconds: a use soon after is not recorded */

/* Tokens that were used, and may still be in use. */
struct uses {
	size_t count;
	const struct record *last; /* the one used last */
	struct last_use usage;
};

/* The time of boot: no connection is older. */
static int64_t
boot_time(int64_t now)
{
	struct timespec up = {0};

	(void)clock_gettime(CLOCK_BOOTTIME, &up);
	return now - (int64_t)up.tv_sec;
}

static void
find_uses(
    struct context *context, const struct selection *tokens, struct uses *uses)
{
	int64_t since = boot_time(context->now) - NOTED_EVERY;
	struct last_use_notes *notes;

	if (tokens->count == 0)
		return;
	notes = last_use_open(
	    &context->config, store_deadline(&context->config));
	for (size_t i = 0; i < tokens->count; i++) {
		struct last_use usage;

		(void)last_use_get(notes, tokens->records[i].id, &usage);
		if (usage.at == 0 || usage.at < since)
			continue;
		uses->count++;
		if (uses->last == NULL || usage.at > uses->usage.at) {
			uses->last = &tokens->records[i];
			uses->usage = usage;
		}
	}
	last_use_close(notes);
}

void
unlisted_print(struct context *context, const struct selection *tokens,
    const char *prefix, FILE *stream)
{
	const char *service = "service unknown";
	char when[PARSE_TIME_LEN + 1];
	struct uses uses = {0};

	find_uses(context, tokens, &uses);
	if (uses.count == 0)
		return;
	text_time(uses.usage.at, when);
	fprintf(stream, "%sno session of ", prefix);
	text_print_name(stream, uses.last);
	if (uses.count > 1)
		fprintf(stream, " and %zu more", uses.count - 1);
	fprintf(stream, " was listed (last login: %s, ", when);
	if (uses.usage.service[0] != '\0')
		service = uses.usage.service;
	text_print(stream, service);
	fputs("): in a service that closes its PAM session at login "
	      "(pure-ftpd), or opens none, a login may go on; end it there, or "
	      "restart that service: see SESSIONS in tokenadm(8)\n",
	    stream);
}
