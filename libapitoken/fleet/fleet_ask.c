#include "fleet/fleet_ask.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/big_endian.h"
#include "base/crypto.h"
#include "base/deadline.h"
#include "base/safe_file.h"
#include "fleet/fleet_news.h"

#define FILE_MOST 32768 /* bytes */

/* The program is asked to be done a little before we give it up. */
#define GRACE 50 /* milliseconds */

static const struct {
	const char *name;
	enum safe_privacy privacy;
	bool is_line; /* ends before its newline */
} FILES[FLEET_TOLD_FILES] = {
    [FLEET_TOLD_CA] = {"ca", SAFE_READABLE, false},
    [FLEET_TOLD_CERTIFICATE] = {"certificate", SAFE_READABLE, false},
    [FLEET_TOLD_KEY] = {"key", SAFE_PRIVATE, false},
    [FLEET_TOLD_PASSWORD] = {"password", SAFE_PRIVATE, true},
};

static enum err
tell_bytes(struct fleet_helper *helper, const char *name, const void *value,
    size_t len, int64_t deadline, struct error *why)
{
	uint8_t head[1 + FLEET_NAME_MAX];
	size_t head_len = fleet_frame_name(head, name);

	return fleet_helper_send(helper, FLEET_FRAME_SETTING, head, head_len,
	    value, len, deadline, why);
}

enum err
fleet_tell(struct fleet_helper *helper, const char *name, const char *value,
    int64_t deadline, struct error *why)
{
	return tell_bytes(helper, name, value, strlen(value), deadline, why);
}

static enum err
read_file(const char *path, enum safe_privacy privacy, char *text, size_t *len,
    struct error *why)
{
	int fd = -1;
	enum err rc = safe_open(path, O_RDONLY, privacy, &fd, why);

	if (rc != ERR_OK)
		return rc;
	rc = safe_read(fd, path, text, FILE_MOST, len, why);
	(void)close(fd);
	if (rc == ERR_OK && (*len == 0 || *len > FILE_MOST))
		rc = error_set(why, ERR_CONFIG,
		    "%s: empty, or more than %d bytes", path, FILE_MOST);
	return rc;
}

static enum err
tell_file(struct fleet_helper *helper, size_t number, const char *path,
    int64_t deadline, struct error *why)
{
	char *text = malloc(FILE_MOST + 1);
	size_t len = 0;
	enum err rc = text == NULL
	    ? error_plain(why, ERR_NOMEM)
	    : read_file(path, FILES[number].privacy, text, &len, why);

	if (text != NULL && rc == ERR_OK && FILES[number].is_line) {
		const char *end = memchr(text, '\n', len);

		if (end != NULL)
			len = (size_t)(end - text);
	}
	if (rc == ERR_OK)
		rc = tell_bytes(
		    helper, FILES[number].name, text, len, deadline, why);
	if (text != NULL)
		crypto_wipe(text, FILE_MOST);
	free(text);
	return rc;
}

enum err
fleet_tell_files(struct fleet_helper *helper, struct fleet_told *told,
    int64_t deadline, struct error *why)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < FLEET_TOLD_FILES; i++) {
		if (told->paths[i] == NULL)
			continue;
		/* Before it is read: what changes then is read again. */
		(void)file_mark_take(
		    &told->marks[i], told->paths[i], FILE_MARK_FOLLOW);
		rc = tell_file(helper, i, told->paths[i], deadline, why);
	}
	return rc;
}

bool
fleet_told_is_true(const struct fleet_told *told)
{
	struct file_mark mark;

	for (size_t i = 0; i < FLEET_TOLD_FILES; i++) {
		if (told->paths[i] == NULL)
			continue;
		if (!file_mark_take(&mark, told->paths[i], FILE_MARK_FOLLOW) ||
		    !file_mark_equals(&mark, &told->marks[i]))
			return false;
	}
	return true;
}

enum err
fleet_ask(struct fleet_helper *helper, enum fleet_frame_kind kind,
    const char *what, int64_t deadline, struct error *why)
{
	int64_t left = deadline_left(deadline) - GRACE;
	uint8_t front[4];

	if (left <= 0)
		return error_set(
		    why, ERR_BUSY, "%s: no time is left", helper->name);
	(void)big_endian_put(
	    front, left > UINT32_MAX ? UINT32_MAX : (uint64_t)left, 4);
	return fleet_helper_send(helper, kind, front, sizeof(front), what,
	    strlen(what), deadline, why);
}

/* The text of an end, which is ours but for what a server has said in it. */
static enum err
end_of(const struct fleet_helper *helper, const struct fleet_frame *frame,
    struct error *why)
{
	char text[ERROR_TEXT_MAX] = "";
	size_t len = frame->len == 0 ? 0 : frame->len - 1;
	enum err rc = ERR_INTERNAL;

	if (frame->len > 0)
		rc = fleet_frame_error(frame->body[0]);
	if (rc == ERR_OK)
		return ERR_OK;
	if (len < sizeof(text) && memchr(frame->body + 1, '\0', len) == NULL) {
		memcpy(text, frame->body + 1, len);
		text[len] = '\0';
	}
	if (!parse_is_printable(text, sizeof(text)))
		return error_set(
		    why, rc, "%s: %s", helper->name, error_name(rc));
	return error_set(why, rc, "%s", text);
}

/* What follows a part that was not taken is not understood, either. */
static enum err
give_up(struct fleet_helper *helper, enum err rc, struct error *why)
{
	fleet_helper_end(helper);
	return rc == ERR_NOMEM
	    ? error_plain(why, rc)
	    : error_set(why, ERR_SYSTEM, "%s is not understood", helper->name);
}

enum err
fleet_ask_parts(struct fleet_helper *helper, fleet_part_taker *take, void *arg,
    int64_t deadline, struct error *why)
{
	struct fleet_frame frame;
	enum err rc;

	for (;;) {
		rc = fleet_helper_receive(helper, &frame, deadline, why);
		if (rc != ERR_OK)
			return rc;
		if (frame.kind == FLEET_FRAME_END)
			return end_of(helper, &frame, why);
		rc = take == NULL ? ERR_INVALID : take(arg, &frame);
		if (rc != ERR_OK)
			return give_up(helper, rc, why);
	}
}

/* What was told while it waited. */
static enum err
take_change(void *arg, struct fleet_frame *frame)
{
	struct fleet_news *news = arg;
	char issuer[FLEET_NAME_MAX + 1], id[TOKEN_ID_LEN + 1];
	uint8_t kind = frame->kind;

	if (!fleet_frame_take_name(frame, issuer) || !parse_is_host(issuer))
		return ERR_INVALID;
	if (kind == FLEET_FRAME_IS_HEAD) {
		fleet_news_head(
		    news, issuer, (const char *)frame->body, frame->len);
		return ERR_OK;
	}
	if ((kind != FLEET_FRAME_CHANGED && kind != FLEET_FRAME_GONE) ||
	    !fleet_frame_take_id(frame, id))
		return ERR_INVALID;
	fleet_news_record(news, issuer, id,
	    kind == FLEET_FRAME_GONE ? NULL : frame->body, frame->len);
	return ERR_OK;
}

/* It answers when there is news; if we are woken before, it is told to stop. */
enum err
fleet_ask_wait(struct fleet_helper *helper, struct fleet_news *news, int wake,
    int64_t deadline, struct error *why)
{
	/* The answer comes behind the deadline that it is told. */
	int64_t end = deadline + INT64_C(1000000000);
	enum err rc = fleet_ask(helper, FLEET_FRAME_WAIT, "", deadline, why);

	if (rc != ERR_OK)
		return rc;
	fleet_helper_wait(helper, wake, deadline);
	rc = fleet_helper_send(
	    helper, FLEET_FRAME_STOP, NULL, 0, NULL, 0, end, why);
	return rc == ERR_OK
	    ? fleet_ask_parts(helper, take_change, news, end, why)
	    : rc;
}
