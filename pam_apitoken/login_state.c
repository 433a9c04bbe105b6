#include "login_state.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME "pam_apitoken"

/* May run in another process and under another uid: only frees. */
static void
clean_up(pam_handle_t *pamh, void *data, int status)
{
	struct login_state *login = data;

	(void)pamh;
	(void)status;
	confinement_release(&login->confinement);
	free(login);
}

void
login_state_clear(pam_handle_t *pamh)
{
	/* Replacing what is there needs no memory, and so cannot fail. */
	if (login_state_get(pamh) != NULL)
		(void)pam_set_data(pamh, NAME, NULL, NULL);
}

enum err
login_state_set(pam_handle_t *pamh, const struct login_state *login)
{
	struct login_state *copy = malloc(sizeof(*copy));

	if (copy == NULL)
		return ERR_NOMEM;
	*copy = *login;
	copy->host = getpid();
	/* Session modules, which come later, may begin a login in it. */
	if (copy->state == LOGIN_STATE_TOKEN)
		login_ids_read(0, &copy->ids);
	if (pam_set_data(pamh, NAME, copy, clean_up) == PAM_SUCCESS)
		return ERR_OK;
	free(copy);
	return ERR_NOMEM;
}

struct login_state *
login_state_get(pam_handle_t *pamh)
{
	const void *data = NULL;

	if (pam_get_data(pamh, NAME, &data) != PAM_SUCCESS)
		return NULL;
	/* It is ours: pam_get_data only hands it out as const. */
	return (struct login_state *)(uintptr_t)data;
}

void
login_state_fill(const struct login_state *login, struct attempt *attempt)
{
	attempt->id = login->handoff.id;
	attempt->ticket = login->handoff.ticket;
	attempt->need = login->handoff.need;
}

enum err
login_state_check(const struct login_state *login,
    const struct attempt *attempt, struct error *why)
{
	if (login->state != LOGIN_STATE_TOKEN)
		return error_set(why, ERR_REFUSED, "refused before");
	if (attempt->user == NULL ||
	    strcmp(attempt->user, login->handoff.user) != 0)
		return error_set(why, ERR_REFUSED,
		    "the host changed the user after authentication");
	return ERR_OK;
}
