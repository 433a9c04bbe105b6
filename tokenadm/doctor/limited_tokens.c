#include "doctor/limited_tokens.h"

#include "config/services.h"
#include "tokens/token_pages.h"

struct search {
	const struct context *context;
	struct doctor_name *name;
	bool is_found;
};

static enum err
visit(const struct record *record, const struct last_use *usage, void *arg)
{
	struct search *search = arg;
	const struct service_group *groups = search->context->config.groups;

	(void)usage;
	if (search->is_found || record->from_count == 0 ||
	    !record_is_usable(record, search->context->now) ||
	    services_include(groups, record->services, "any") ||
	    !services_include(groups, record->services, search->name->service))
		return ERR_OK;
	search->is_found = true;
	strcpy(search->name->id, record->id);
	strcpy(search->name->user, record->user);
	return ERR_OK;
}

bool
limited_tokens_find(
    struct doctor *doctor, const char *service, struct doctor_name *name)
{
	struct context *context = doctor->context;
	struct search search = {.context = context, .name = name};

	if (!doctor->reads_tokens || strlen(service) >= sizeof(name->service))
		return false;
	strcpy(name->service, service);
	(void)token_pages_each(context, NULL, visit, &search);
	/* doctor_tokens has reported what cannot be read. */
	context->error.text[0] = '\0';
	return search.is_found;
}
