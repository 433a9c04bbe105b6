#include "client.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Answers every prompt with the password. */
static int
converse(int count, const struct pam_message **messages,
    struct pam_response **responses, void *arg)
{
	(void)messages;
	*responses = calloc((size_t)count, sizeof(**responses));
	if (*responses == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < count; i++)
		(*responses)[i].resp = strdup(arg);
	return PAM_SUCCESS;
}

static void
do_not_delay(int result, unsigned microseconds, void *arg)
{
	(void)result;
	(void)microseconds;
	(void)arg;
}

pam_handle_t *
client_start(const char *service, const char *user, const char *password)
{
	struct pam_conv conv = {converse, (void *)(uintptr_t)password};
	pam_handle_t *pamh = NULL;

	if (pam_start(service, user, &conv, &pamh) != PAM_SUCCESS)
		return NULL;
	/* An item that is a function: libpam takes it as an object pointer. */
	(void)pam_set_item(
	    pamh, PAM_FAIL_DELAY, (const void *)(uintptr_t)do_not_delay);
	return pamh;
}

void
client_end(pam_handle_t *pamh)
{
	if (pamh != NULL)
		(void)pam_end(pamh, PAM_SUCCESS);
}
