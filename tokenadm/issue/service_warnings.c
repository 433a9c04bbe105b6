#include "issue/service_warnings.h"

#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "base/parse.h"
#include "cli/text.h"
#include "doctor/service_verdict.h"
#include "doctor/told_address.h"
#include "issue/required_scopes.h"
#include "pam/own_lines.h"
#include "pam/pamstack.h"

static void
warn_of_service(FILE *out, struct context *context, const char *service)
{
	struct error wrong = {""};

	/* Whoever waits for a token does not wait for a look at all programs.
	 */
	if (service_verdict(context, service, SERVICE_SEARCH_QUICK, &wrong))
		return;
	fprintf(out, "tokenadm: %s: ", service);
	text_print(out, wrong.text);
	fputc('\n', out);
}

static void
warn_of_scopes(FILE *out, const struct record *record, const char *service)
{
	char need[MODULE_OPTIONS_NEED_SIZE];

	if (!required_scopes_of(service, need) ||
	    list_has_all(record->scopes, need))
		return;
	fprintf(out,
	    "tokenadm: %s needs %s here: this token, of %s, will be refused "
	    "there\n",
	    service, need, record->scopes);
}

static void
warn_of_address(FILE *out, const struct record *record, const char *service)
{
	struct error how = {""};
	enum told_address told;

	if (record->from_count == 0)
		return;
	told = told_address(service, &how);
	if (told == TOLD_UNKNOWN || told == TOLD_NUMERIC)
		return;
	fputs("tokenadm: ", out);
	text_print(out, how.text);
	fputs(
	    ": this token, limited to addresses, will be refused there\n", out);
}

static void
warn_of_once(FILE *out, const struct record *record, const char *service)
{
	const char *again = service_facts_asks_again(service);

	if (record->lifetime != RECORD_ONCE || again == NULL)
		return;
	fprintf(out,
	    "tokenadm: %s asks PAM again %s: this token, for one login, will "
	    "be refused then\n",
	    service, again);
}

/* Sessions are counted where the module has a session line. */
static void
warn_of_sessions(FILE *out, const struct record *record, const char *service)
{
	struct pamstack stack;
	struct error why;

	if (record->max_sessions == 0)
		return;
	if (pamstack_read(&stack, service, NULL, &why) == ERR_OK &&
	    own_lines_find(&stack, PAMLINE_AUTH) != NULL &&
	    own_lines_find(&stack, PAMLINE_SESSION) == NULL)
		fprintf(out,
		    "tokenadm: %s has no session line of pam_apitoken: "
		    "max-sessions does not hold there\n",
		    service);
	pamstack_free(&stack);
}

enum err
service_warnings(
    char **text, struct context *context, const struct record *record)
{
	char service[LIST_WORD_MAX + 1];
	const char *rest = record->services;
	size_t size = 0;
	bool is_whole;
	FILE *out;

	*text = NULL;
	out = open_memstream(text, &size);
	while (out != NULL && list_next(&rest, service)) {
		/* Skip groups and unprintable names. */
		if (!parse_is_service(service) || strcmp(service, "any") == 0)
			continue;
		warn_of_service(out, context, service);
		warn_of_scopes(out, record, service);
		warn_of_address(out, record, service);
		warn_of_once(out, record, service);
		warn_of_sessions(out, record, service);
	}
	is_whole = out != NULL && text_flush(out) == ERR_OK;
	/* Without memory, fclose may succeed and leave NULL. */
	if (out != NULL && fclose(out) == 0 && is_whole && *text != NULL)
		return ERR_OK;
	return error_plain(&context->error, ERR_NOMEM);
}
