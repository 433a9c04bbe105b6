/* The part of confining that needs no PAM: tokenadm doctor decides, too. */
#include "pam_apitoken/confine_hook.h"

#include "confine/confinement.h"

enum err
confine_hook_decide(enum confine_mode *mode, const struct config *config,
    enum confine_mode wanted, const char *service, const struct record *record,
    struct error *why)
{
	*mode = CONFINE_NEVER;
	switch (confine_judge(config, service, record->scopes, wanted)) {
	case CONFINE_UNNEEDED:
		return ERR_OK;
	case CONFINE_NEEDED:
		*mode = wanted;
		return confinement_check(record->uid, why);
	case CONFINE_REFUSED:
		break;
	}
	return error_set(why, ERR_REFUSED,
	    "a token without write has to be confined, and [confine] does not "
	    "list this service");
}
