#include "issue/handover.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/json.h"
#include "cli/signal_block.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "fleet/fleet_issued.h"
#include "issue/howto.h"
#include "tokens/audit.h"
#include "tokens/fleet_origins.h"
#include "tokens/transaction.h"

/* Where it is good, as it was published; false if that cannot be read. */
static bool
find_places(
    struct context *context, const char *id, char places[FLEET_PLACES_LEN])
{
	struct fleet_record *record = calloc(1, sizeof(*record));
	struct error before = context->error;
	struct store *store = NULL;
	bool is_known = record != NULL && context->fleet != NULL &&
	    transaction_read(&store, context) == ERR_OK &&
	    fleet_issued_get(store, id, record, &context->error) == ERR_OK;

	places[0] = '\0';
	if (is_known)
		fleet_places_text(record->hosts, record->groups, places);
	store_close(store);
	free(record);
	context->error = before;
	return is_known;
}

static enum err
show(struct context *context, const struct record *record, const char text[])
{
	bool is_fleets = context->fleet != NULL;
	char places[FLEET_PLACES_LEN];
	bool are_known = find_places(context, record->id, places);

	/* Leave no copy in a stdio buffer. */
	(void)setvbuf(stdout, NULL, _IONBF, 0);
	puts(text);
	if (terminal_get().has_output)
		howto_print(
		    stdout, record, is_fleets, are_known ? places : NULL);
	return text_flush(stdout);
}

/* Nobody loses a token for lack of it. */
static void
print_howto(struct context *context, const struct record *record)
{
	char places[FLEET_PLACES_LEN];
	json_t *howto;

	(void)find_places(context, record->id, places);
	howto = howto_json(record, context->fleet != NULL, places);
	if (howto == NULL || json_print(howto, stdout) != ERR_OK)
		fputs("[]", stdout);
	json_decref(howto);
}

static enum err
show_json(
    struct context *context, const struct record *record, const char text[])
{
	(void)setvbuf(stdout, NULL, _IONBF, 0);
	printf("{\"changed\": true, \"id\": \"%s\", \"token\": \"", record->id);
	/* Leave no copy in jansson or printf. */
	fputs(text, stdout);
	fputs("\", \"howto\": ", stdout);
	print_howto(context, record);
	puts("}");
	return text_flush(stdout);
}

enum err
handover_show(struct context *context, const struct args *args,
    const struct record *record, const char text[])
{
	enum err rc;

	signal_window_open(NULL);
	rc = args_has(args, "json") ? show_json(context, record, text)
				    : show(context, record, text);
	return signal_window_close() ? ERR_SYSTEM : rc;
}

enum err
handover_withdrawn(
    struct context *context, const struct record *record, enum err rc)
{
	/* Nobody has seen it; the agent tells the fleet. */
	if (rc != ERR_OK && rc != ERR_UNCONFIRMED) {
		/* Whoever issued it may have gone. */
		audit("not-withdrawn", record, record->created.by,
		    error_name(rc));
		return error_set(&context->error, ERR_SYSTEM,
		    "the token could not be written out, and not withdrawn; "
		    "revoke it: tokenadm revoke%s %s",
		    context->fleet != NULL ? " --fleet" : "", record->id);
	}
	audit("withdrawn", record, record->created.by, "");
	if (rc == ERR_UNCONFIRMED) {
		struct error reason = context->error;

		return error_set(&context->error, rc,
		    "the token could not be written out; it was withdrawn, but "
		    "that was %s",
		    reason.text);
	}
	return error_set(&context->error, ERR_SYSTEM,
	    "the token could not be written out; it was withdrawn");
}
