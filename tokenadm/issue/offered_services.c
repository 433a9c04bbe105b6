#include "issue/offered_services.h"

#include <stdio.h>

#include "doctor/service_verdict.h"
#include "pam/pamconf.h"

/* Whether doctor approves of it, and the policy allows it. */
static bool
is_offered(
    struct context *context, const struct policy *policy, const char *service)
{
	const struct service_group *groups = context->config.groups;
	char bad[LIST_WORD_MAX + 1];
	struct error why;

	return services_allowed(groups, policy->services, service, bad) &&
	    (policy->self == NULL ||
		services_allowed(
		    groups, policy->self->services, service, bad)) &&
	    service_verdict(context, service, SERVICE_SEARCH_ALL, &why);
}

void
offered_services(struct context *context, const struct policy *policy,
    char services[RECORD_SERVICES_MAX + 1])
{
	char all[RECORD_SERVICES_MAX + 1], word[LIST_WORD_MAX + 1];
	const char *rest = all;
	size_t len = 0;

	pamconf_services(all);
	services[0] = '\0';
	while (list_next(&rest, word)) {
		if (!is_offered(context, policy, word))
			continue;
		len += (size_t)snprintf(services + len,
		    RECORD_SERVICES_MAX + 1 - len, "%s%s", len == 0 ? "" : ",",
		    word);
	}
}
