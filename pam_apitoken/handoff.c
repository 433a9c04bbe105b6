#include "handoff.h"

#include <stdlib.h>

#define NAME "pam_apitoken"

/* May run in another process and under another uid: it frees, no more. */
static void
clean_up(pam_handle_t *pamh, void *data, int status)
{
	(void)pamh;
	(void)status;
	free(data);
}

void
handoff_clear(pam_handle_t *pamh)
{
	/* Replacing what is there needs no memory, and so cannot fail. */
	if (handoff_get(pamh) != NULL)
		(void)pam_set_data(pamh, NAME, NULL, NULL);
}

int
handoff_set(pam_handle_t *pamh, const struct handoff *handoff)
{
	struct handoff *copy = malloc(sizeof(*copy));
	int rc;

	if (copy == NULL)
		return PAM_BUF_ERR;
	*copy = *handoff;
	rc = pam_set_data(pamh, NAME, copy, clean_up);
	if (rc != PAM_SUCCESS)
		free(copy);
	return rc;
}

struct handoff *
handoff_get(pam_handle_t *pamh)
{
	const void *data = NULL;

	if (pam_get_data(pamh, NAME, &data) != PAM_SUCCESS)
		return NULL;
	/* It is ours: pam_get_data only hands it out as const. */
	return (struct handoff *)(uintptr_t)data;
}
