/* Whether one more session of a token would fit, by the list of live ones. */
#ifndef TOKENADM_SESSION_LIMIT_H
#define TOKENADM_SESSION_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "login/verdict.h"

struct session_limit {
	bool is_known; /* the right token, and it has a limit */
	uint32_t live, max;
};

/* Looks, for the record of a verdict. Errors as session_count. */
enum err session_limit_look(struct session_limit *limit,
    const struct verdict *verdict, const struct record *record,
    struct error *why);

/* Whether a session that is opened now is refused. */
bool session_limit_is_full(const struct session_limit *limit);

/* `2 of 3 are open` */
#define SESSION_LIMIT_TEXT_SIZE 48
void session_limit_text(
    const struct session_limit *limit, char text[SESSION_LIMIT_TEXT_SIZE]);

#endif
