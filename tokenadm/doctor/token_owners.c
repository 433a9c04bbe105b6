#include "doctor/token_owners.h"

#include <stdio.h>

#include "config/services.h"
#include "tokens/token_pages.h"

struct search {
	struct token_owners *owners;
	const struct context *context;
	const char *service;
	bool by_any;
	char last[RECORD_USER_MAX + 1]; /* tokens are sorted by user */
};

/* Whether it is for the service because it is for any. */
static bool
is_for_any(const struct search *search, const struct record *record)
{
	/* No service is called so. */
	return services_include(
	    search->context->config.groups, record->services, "any");
}

static enum err
visit(const struct record *record, const struct last_use *usage, void *arg)
{
	struct search *search = arg;
	struct token_owners *owners = search->owners;

	(void)usage;
	if (!record_is_usable(record, search->context->now) ||
	    !services_include(search->context->config.groups, record->services,
		search->service) ||
	    is_for_any(search, record) != search->by_any ||
	    strcmp(search->last, record->user) == 0)
		return ERR_OK;
	strcpy(search->last, record->user);
	if (owners->count < TOKEN_OWNERS_MAX)
		strcpy(owners->users[owners->count++], record->user);
	else
		owners->more++;
	return ERR_OK;
}

void
token_owners_find(
    struct token_owners *owners, struct doctor *doctor, const char *service)
{
	struct context *context = doctor->context;
	struct search search = {
	    .owners = owners, .context = context, .service = service};

	*owners = (struct token_owners){0};
	if (!doctor->reads_tokens)
		return;
	(void)token_pages_each(context, NULL, visit, &search);
	search.by_any = true;
	search.last[0] = '\0';
	if (owners->count == 0)
		(void)token_pages_each(context, NULL, visit, &search);
	/* doctor_tokens has reported what cannot be read. */
	context->error.text[0] = '\0';
}
