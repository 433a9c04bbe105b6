#include "confirm/confirm_worker.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "config/config.h"
#include "confirm/libpam.h"
#include "own/own_packet.h"

#define PATIENCE 100000 /* milliseconds for an answer */

static struct libpam pam;

enum err
confirm_worker_prepare(struct error *why)
{
	return libpam_load(&pam, why);
}

static bool
send_text(int fd, enum own_kind kind, const char *text)
{
	return own_packet_send(fd, kind, text, strnlen(text, OWN_TEXT_MAX));
}

/* A copy of the answer, for PAM, which wipes and frees it; or NULL. */
static char *
receive(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	char text[OWN_TEXT_MAX + 1] = "", *answer = NULL;

	if (poll(&ready, 1, PATIENCE) == 1 &&
	    own_packet_take(fd, OWN_ANSWER, text) &&
	    strlen(text) < PAM_MAX_RESP_SIZE)
		answer = strdup(text);
	crypto_wipe(text, sizeof(text));
	return answer;
}

/* One message of PAM's. False if it has no answer. */
static bool
converse_one(
    int fd, const struct pam_message *message, struct pam_response *response)
{
	switch (message->msg_style) {
	case PAM_PROMPT_ECHO_OFF:
	case PAM_PROMPT_ECHO_ON:
		if (!send_text(fd,
			message->msg_style == PAM_PROMPT_ECHO_OFF
			    ? OWN_ASK_HIDDEN
			    : OWN_ASK,
			message->msg))
			return false;
		response->resp = receive(fd);
		return response->resp != NULL;
	case PAM_ERROR_MSG:
	case PAM_TEXT_INFO:
		return send_text(fd, OWN_ERRORS, message->msg);
	default:
		return false;
	}
}

static void
free_responses(struct pam_response *responses, int count)
{
	for (int i = 0; i < count; i++) {
		if (responses[i].resp != NULL)
			crypto_wipe(
			    responses[i].resp, strlen(responses[i].resp));
		free(responses[i].resp);
	}
	free(responses);
}

/* As pam_conv(3) has it. */
static int
converse(int count, const struct pam_message **messages,
    struct pam_response **responses, void *arg)
{
	const int *fd = arg;
	struct pam_response *fresh;

	if (count <= 0 || count > PAM_MAX_NUM_MSG)
		return PAM_CONV_ERR;
	fresh = calloc((size_t)count, sizeof(*fresh));
	if (fresh == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < count; i++) {
		if (!converse_one(*fd, messages[i], &fresh[i])) {
			free_responses(fresh, count);
			return PAM_CONV_ERR;
		}
	}
	*responses = fresh;
	return PAM_SUCCESS;
}

/* Whether no module has made him somebody else. */
static bool
is_still(pam_handle_t *pamh, const char *user)
{
	const void *now = NULL;

	return pam.get_item(pamh, PAM_USER, &now) == PAM_SUCCESS &&
	    now != NULL && strcmp(now, user) == 0;
}

static enum err
ask_pam(int fd, const char *user)
{
	const struct pam_conv conv = {converse, &fd};
	pam_handle_t *pamh = NULL;
	int result = pam.start(CONFIG_OWN_SERVICE, user, &conv, &pamh);

	if (result == PAM_SUCCESS)
		result = pam.authenticate(pamh, PAM_DISALLOW_NULL_AUTHTOK);
	if (result == PAM_SUCCESS)
		result = pam.acct_mgmt(pamh, PAM_DISALLOW_NULL_AUTHTOK);
	if (result == PAM_SUCCESS && !is_still(pamh, user))
		result = PAM_USER_UNKNOWN;
	if (pamh != NULL)
		(void)pam.end(pamh, result);
	return result == PAM_SUCCESS ? ERR_OK : ERR_REFUSED;
}

void
confirm_worker_run(int fd)
{
	char *user = receive(fd);

	if (user != NULL)
		own_packet_send_end(fd, ask_pam(fd, user) != ERR_OK, "");
	free(user);
}
