#include "attempt_from_pam.h"

#include <stddef.h>

static const char *
item(pam_handle_t *pamh, int type)
{
	const void *value = NULL;

	return pam_get_item(pamh, type, &value) == PAM_SUCCESS ? value : NULL;
}

struct attempt
attempt_from_pam(pam_handle_t *pamh, const char *hook, const char *id)
{
	return (struct attempt){
	    .hook = hook,
	    .id = id,
	    .user = item(pamh, PAM_USER),
	    .service = item(pamh, PAM_SERVICE),
	    .from = item(pamh, PAM_RHOST),
	    .tty = item(pamh, PAM_TTY),
	};
}
