#include "login_state.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME "pam_apitoken"

/* May run in another process and under another uid: it gives back, no more. */
static void
clean_up(pam_handle_t *pamh, void *data, int status)
{
	struct pinned *pinned = data;

	(void)pamh;
	(void)status;
	confinement_release(&pinned->confinement);
	free(pinned);
}

void
pinned_clear(pam_handle_t *pamh)
{
	/* Replacing what is there needs no memory, and so cannot fail. */
	if (pinned_get(pamh) != NULL)
		(void)pam_set_data(pamh, NAME, NULL, NULL);
}

enum err
pinned_set(pam_handle_t *pamh, const struct pinned *pinned)
{
	struct pinned *copy = malloc(sizeof(*copy));

	if (copy == NULL)
		return ERR_NOMEM;
	*copy = *pinned;
	copy->host = getpid();
	/* Session modules, which come later, may begin a login in it. */
	if (copy->state == PINNED_TOKEN)
		login_ids_read(0, &copy->ids);
	if (pam_set_data(pamh, NAME, copy, clean_up) == PAM_SUCCESS)
		return ERR_OK;
	free(copy);
	return ERR_NOMEM;
}

struct pinned *
pinned_get(pam_handle_t *pamh)
{
	const void *data = NULL;

	if (pam_get_data(pamh, NAME, &data) != PAM_SUCCESS)
		return NULL;
	/* It is ours: pam_get_data only hands it out as const. */
	return (struct pinned *)(uintptr_t)data;
}

enum err
pinned_check(const struct pinned *pinned, const struct subject *subject,
    struct error *why)
{
	if (pinned->state != PINNED_TOKEN)
		return error_set(why, ERR_REFUSED, "refused before");
	if (subject->user == NULL ||
	    strcmp(subject->user, pinned->handoff.user) != 0)
		return error_set(why, ERR_REFUSED,
		    "the host changed the user after authentication");
	return ERR_OK;
}
