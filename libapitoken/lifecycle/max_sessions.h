/*
 * At most so many sessions of a token at a time, by the list of live ones. Each
 * token counts by itself, a predecessor and its successor too.
 */
#ifndef APITOKEN_MAX_SESSIONS_H
#define APITOKEN_MAX_SESSIONS_H

#include <stdint.h>

#include "base/error.h"
#include "session/session_list.h"

#define MAX_SESSIONS_REASON "too-many-sessions" /* of a refusal */

/*
 * Adds a session of this process to the list below run, as session_enter does,
 * unless its token has max live ones there; 0: no limit. Counting and entering
 * are under one lock, so that of many at the same instant max get in. deadline
 * is as in deadline.h. ERR_POLICY: it has as many; ERR_BUSY, or as
 * session_count and session_enter.
 */
enum err max_sessions_enter(const char *run, struct session *session,
    uint32_t max, int64_t deadline, struct error *why);

#endif
