/*
 * A hook's judgement of a token: what the core says of it, and what a service
 * and a token can be in particular, confined, or for one login.
 */
#ifndef PAM_APITOKEN_DECIDE_H
#define PAM_APITOKEN_DECIDE_H

#include "attempt_from_pam.h"
#include "base/error.h"
#include "confine/confine.h"
#include "login/module_options.h"
#include "login/verdict.h"
#include "token/record.h"

/* What a hook has in hand to judge a token by, and what comes of it. */
struct evidence {
	const char *text;   /* NULL: authenticate has seen it */
	const char *ticket; /* that this login has used it up by, or NULL */
	/*
	 * The scopes that are needed; authenticate leaves there what the
	 * account hook is to ask again.
	 */
	char need[MODULE_OPTIONS_NEED_SIZE];
	enum confine_mode confine; /* how the session has to be confined */
};

/*
 * Reads the config and judges the token of the subject: sets *verdict, and
 * *record to its record. With a text it also uses up what is for one login, and
 * notes the use. Errors as config_read, judge, confine_hook_decide,
 * single_use_spend.
 */
enum err decide(struct verdict *verdict, struct record *record,
    const struct module_options *options, const struct subject *subject,
    struct evidence *evidence, struct error *why);

#endif
