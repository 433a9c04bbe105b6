#include "doctor/similar_service.h"

#include "pam/pamconf.h"

static void
offer(const char *service, void *arg)
{
	similar_offer(arg, service);
}

void
similar_service(const char *service, char hint[SIMILAR_HINT_SIZE])
{
	struct similar similar;

	similar_begin(&similar, service);
	pamconf_each(offer, &similar);
	similar_hint(&similar, hint);
}
