/* The fleet's engine that is configured. */
#ifndef TOKENADM_ENGINE_H
#define TOKENADM_ENGINE_H

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_engine.h"

struct engine {
	const struct fleet_engine *calls; /* NULL: not open */
	void *state;
};

/*
 * Opens it. Close it, even after an error. ERR_CONFIG: there is none of that
 * name; or what the engine's open returns.
 */
enum err engine_open(struct engine *engine, const struct config *config,
    int64_t deadline, struct error *why);
void engine_close(struct engine *engine);

#endif
