/* Whether a batch is to end early, between two of its transactions. */
#ifndef TOKENADM_INTERRUPTION_H
#define TOKENADM_INTERRUPTION_H

#include <stdbool.h>

/*
 * From here on SIGINT, SIGTERM and SIGHUP only interrupt a write, and are
 * remembered. What was ignored stays so.
 */
void interruption_await(void);

/* Whether one of them has come. */
bool interruption_has_come(void);

#endif
