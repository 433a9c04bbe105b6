#include "outbox/engine.h"

#include <string.h>

#include "fleet/fleet_etcd.h"
#include "fleet/fleet_file.h"
#include "fleet/fleet_https.h"

static const struct fleet_engine *const ENGINES[] = {&fleet_file, &fleet_etcd};

enum err
engine_open(struct engine *engine, const struct config *config,
    int64_t deadline, struct error *why)
{
	const char *name = config->fleet.engine;

	*engine = (struct engine){0};
	for (size_t i = 0; i < sizeof(ENGINES) / sizeof(ENGINES[0]); i++) {
		if (strcmp(name, ENGINES[i]->name) == 0)
			engine->calls = ENGINES[i];
	}
	if (engine->calls == &fleet_file &&
	    fleet_https_is_url(config->fleet.source))
		engine->calls = &fleet_https;
	if (engine->calls == NULL)
		return error_set(why, ERR_CONFIG,
		    "[fleet] engine = %s: there is none of that name; set file "
		    "or etcd",
		    name);
	return engine->calls->open(&engine->state, config, deadline, why);
}

void
engine_close(struct engine *engine)
{
	if (engine->calls != NULL)
		engine->calls->close(engine->state);
	*engine = (struct engine){0};
}
