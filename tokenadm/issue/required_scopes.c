#include "issue/required_scopes.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "login/attempt_run.h"
#include "login/verdict.h"
#include "pam/own_lines.h"
#include "pam/pamconf.h"
#include "pam/pamstack.h"

/* The module's only auth line; NULL if there is none, or more than one. */
static const struct pamstack_entry *
find_line(const struct pamstack *stack)
{
	const struct pamstack_entry *line = own_lines_find(stack, PAMLINE_AUTH);

	if (!stack->has_file || stack->is_refused || line == NULL)
		return NULL;
	for (size_t i = 0; i < stack->count; i++) {
		const struct pamstack_entry *other = &stack->entries[i];

		if (other != line && other->line.type == PAMLINE_AUTH &&
		    pamstack_is(other, STACK_MODULE))
			return NULL;
	}
	return line;
}

/* Reads its options as the module does. */
static bool
read_line(const struct pamstack_entry *line, const char *service,
    char need[MODULE_OPTIONS_NEED_SIZE])
{
	struct setup setup = {.argc = line->line.argc, .argv = line->line.argv};
	struct attempt attempt = {.service = service};
	bool is_read = setup_read_config(&setup, NULL) == ERR_OK;

	if (is_read) {
		attempt_set_demands(&attempt, &setup);
		strcpy(need, attempt.need);
	}
	setup_free(&setup);
	return is_read;
}

bool
required_scopes_of(const char *service, char need[MODULE_OPTIONS_NEED_SIZE])
{
	const struct pamstack_entry *line;
	struct pamstack stack;
	struct error why;
	bool is_known = false;

	if (pamstack_read(&stack, service, NULL, &why) == ERR_OK) {
		line = find_line(&stack);
		is_known = line != NULL && read_line(line, service, need);
	}
	pamstack_free(&stack);
	return is_known;
}

/* Looks for a service that takes the token. */
struct search {
	const struct record *record;
	bool is_over; /* one takes it, or may */
	/* the first that does not, and what it needs; "": none so far */
	char service[LIST_WORD_MAX + 1];
	char need[MODULE_OPTIONS_NEED_SIZE];
};

static void
look_at(struct search *search, const char *services)
{
	char service[LIST_WORD_MAX + 1], need[MODULE_OPTIONS_NEED_SIZE];

	while (!search->is_over && list_next(&services, service)) {
		if (!required_scopes_of(service, need) ||
		    list_has_all(search->record->scopes, need)) {
			search->is_over = true;
		} else if (search->service[0] == '\0') {
			strcpy(search->service, service);
			strcpy(search->need, need);
		}
	}
}

enum err
required_scopes_check(const struct service_group *groups,
    const struct record *record, struct error *why)
{
	struct search search = {.record = record};
	char all[RECORD_SERVICES_MAX + 1], service[LIST_WORD_MAX + 1];
	const char *rest = record->services;

	if (list_has(rest, "any")) {
		pamconf_services(all);
		rest = all;
	}
	while (list_next(&rest, service)) {
		const char *members = service[0] == '@'
		    ? services_of_group(groups, service)
		    : service;

		if (members != NULL)
			look_at(&search, members);
	}
	if (search.is_over || search.service[0] == '\0')
		return ERR_OK;
	return error_about(why, "scope", NULL,
	    error_set(why, ERR_POLICY,
		"scopes `%s`: no service of this token's takes them: %s needs "
		"%s; give --scope %s, or --force",
		record->scopes, search.service, search.need, search.need));
}

void
required_scopes_add(const char *service, char scopes[RECORD_SCOPES_MAX + 1])
{
	char need[MODULE_OPTIONS_NEED_SIZE], word[LIST_WORD_MAX + 1];
	const char *rest = need;

	if (!required_scopes_of(service, need))
		return;
	while (list_next(&rest, word)) {
		size_t len = strlen(scopes);

		if (!list_has(scopes, word) &&
		    len + strlen(word) + 1 <= RECORD_SCOPES_MAX)
			(void)snprintf(scopes + len,
			    RECORD_SCOPES_MAX + 1 - len, "%s%s",
			    len == 0 ? "" : ",", word);
	}
}
