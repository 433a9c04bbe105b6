#include "confine.h"

#include <stddef.h>

#include "list.h"
#include "services.h"

enum confine
confine_judge(const struct config *config, const char *service,
    const char *scopes, enum confine_mode mode)
{
	if (mode == CONFINE_NEVER || list_has(scopes, "write"))
		return CONFINE_UNNEEDED;
	if (service != NULL &&
	    services_include(config->groups, config->confine.services, service))
		return CONFINE_NEEDED;
	return CONFINE_REFUSED;
}
