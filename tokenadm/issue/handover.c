#include "issue/handover.h"

#include <jansson.h>
#include <stdio.h>

#include "cli/json.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "issue/howto.h"
#include "tokens/audit.h"

enum err
handover_show(const struct record *record, const char text[])
{
	/* Leave no copy in a stdio buffer. */
	(void)setvbuf(stdout, NULL, _IONBF, 0);
	puts(text);
	if (terminal_get().has_output)
		howto_print(stdout, record);
	return text_flush(stdout);
}

/* Nobody loses a token for lack of it. */
static void
print_howto(const struct record *record)
{
	json_t *howto = howto_json(record);

	if (howto == NULL || json_print(howto, stdout) != ERR_OK)
		fputs("[]", stdout);
	json_decref(howto);
}

enum err
handover_show_json(const struct record *record, const char text[])
{
	(void)setvbuf(stdout, NULL, _IONBF, 0);
	printf("{\"changed\": true, \"id\": \"%s\", \"token\": \"", record->id);
	/* Leave no copy in jansson or printf. */
	fputs(text, stdout);
	fputs("\", \"howto\": ", stdout);
	print_howto(record);
	puts("}");
	return text_flush(stdout);
}

enum err
handover_withdrawn(
    struct context *context, const struct record *record, enum err rc)
{
	if (rc != ERR_OK && rc != ERR_UNCONFIRMED) {
		/* Whoever issued it may have gone. */
		audit("not-withdrawn", record, record->created.by,
		    error_name(rc));
		return error_set(&context->error, ERR_SYSTEM,
		    "the token could not be written out, and not withdrawn; "
		    "revoke it: tokenadm revoke %s%s",
		    context->fleet != NULL ? "--fleet " : "", record->id);
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
