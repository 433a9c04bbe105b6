/* What doctor says of one service, for other commands. */
#ifndef TOKENADM_SERVICE_VERDICT_H
#define TOKENADM_SERVICE_VERDICT_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/command.h"
#include "doctor/service_runner.h"

/*
 * Whether `doctor SERVICE` finds nothing wrong with the service's stack, with
 * the program that asks for it, and with that program's settings. If it does,
 * why is the first thing. Always true for anybody but root, who cannot see all
 * of it. Runs other programs: hold no lock and no secret.
 */
bool service_verdict(struct context *context, const char *service,
    enum service_search search, struct error *why);

#endif
