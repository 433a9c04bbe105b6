#include "fleet_helper/helper_talk.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/crypto.h"

/* Sends all; what is secret is never sent from here. */
static enum err
send_bytes(const struct helper_talk *talk, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t sent = send(talk->socket, at, len, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return ERR_SYSTEM;
		if (sent > 0) {
			at += sent;
			len -= (size_t)sent;
		}
	}
	return ERR_OK;
}

enum err
helper_talk_send(const struct helper_talk *talk, enum fleet_frame_kind kind,
    const void *front, size_t front_len, const void *back, size_t back_len)
{
	uint8_t head[FLEET_FRAME_HEAD];
	enum err rc;

	fleet_frame_head(head, kind, front_len + back_len);
	rc = send_bytes(talk, head, sizeof(head));
	if (rc == ERR_OK)
		rc = send_bytes(talk, front, front_len);
	if (rc == ERR_OK)
		rc = send_bytes(talk, back, back_len);
	return rc;
}

enum err
helper_talk_end(
    const struct helper_talk *talk, enum err answer, const struct error *why)
{
	uint8_t code = fleet_frame_code(answer);
	const char *text = answer == ERR_OK ? "" : why->text;

	return helper_talk_send(
	    talk, FLEET_FRAME_END, &code, 1, text, strlen(text));
}

/* Has all frames dealt with that have come. */
static enum err
take_all(struct helper_talk *talk, helper_taker *take, void *arg)
{
	struct fleet_frame frame;
	size_t used = 1;
	enum err rc = ERR_OK;

	while (rc == ERR_OK) {
		if (!fleet_frame_take(&frame, talk->in, talk->len, &used))
			return ERR_INVALID;
		if (used == 0)
			break;
		rc = take(arg, &frame);
		talk->len -= used;
		memmove(talk->in, talk->in + used, talk->len);
		crypto_wipe(talk->in + talk->len, used);
	}
	return rc;
}

enum err
helper_talk_hear(
    struct helper_talk *talk, helper_taker *take, void *arg, bool *is_over)
{
	ssize_t got;

	do
		got = recv(talk->socket, talk->in + talk->len,
		    sizeof(talk->in) - talk->len, 0);
	while (got < 0 && errno == EINTR);
	*is_over = got <= 0;
	if (got <= 0)
		return ERR_OK;
	talk->len += (size_t)got;
	return take_all(talk, take, arg);
}

bool
helper_talk_has_more(
    const struct helper_talk *talk, const struct fleet_frame *frame)
{
	return talk->len > FLEET_FRAME_HEAD + frame->len;
}
