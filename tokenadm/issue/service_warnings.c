#include "issue/service_warnings.h"

#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "base/parse.h"
#include "cli/text.h"
#include "doctor/told_address.h"
#include "issue/required_scopes.h"

static void
warn_of_scopes(const struct record *record, const char *service)
{
	char need[MODULE_OPTIONS_NEED_SIZE];

	if (!required_scopes_of(service, need) ||
	    list_has_all(record->scopes, need))
		return;
	fprintf(stderr,
	    "tokenadm: %s needs %s here: this token, of %s, will be refused "
	    "there\n",
	    service, need, record->scopes);
}

static void
warn_of_address(const struct record *record, const char *service)
{
	struct error how = {""};
	enum told_address told;

	if (record->from_count == 0)
		return;
	told = told_address(service, &how);
	if (told == TOLD_UNKNOWN || told == TOLD_NUMERIC)
		return;
	fputs("tokenadm: ", stderr);
	text_print(stderr, how.text);
	fputs(": this token, limited to addresses, will be refused there\n",
	    stderr);
}

static void
warn_of_once(const struct record *record, const char *service)
{
	const char *again = service_facts_asks_again(service);

	if (record->lifetime != RECORD_ONCE || again == NULL)
		return;
	fprintf(stderr,
	    "tokenadm: %s asks PAM again %s: this token, for one login, will "
	    "be refused then\n",
	    service, again);
}

void
service_warnings(const struct record *record)
{
	char service[LIST_WORD_MAX + 1];
	const char *rest = record->services;

	while (list_next(&rest, service)) {
		/* Skip groups and unprintable names. */
		if (!parse_is_service(service) || strcmp(service, "any") == 0)
			continue;
		warn_of_scopes(record, service);
		warn_of_address(record, service);
		warn_of_once(record, service);
	}
}
