#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/big_endian.h"
#include "base/crypto.h"
#include "base/list.h"
#include "base/safe_file.h"
#include "fleet/fleet_etcd_impl.h"
#include "store/lock.h"

#define FILE_MOST 32768 /* bytes */

/* The program is asked to be done a little before we give it up. */
#define GRACE 50 /* milliseconds */

/* The files, as etcd_policy has them. */
static void
name_files(const struct etcd_policy *policy, const char *paths[ETCD_FILES])
{
	bool has_user = policy->user[0] != '\0';
	bool has_certificate = policy->certificate[0] != '\0';

	paths[0] = policy->ca;
	paths[1] = has_certificate ? policy->certificate : NULL;
	paths[2] = has_certificate ? policy->key : NULL;
	paths[3] = has_user ? policy->password : NULL;
}

static const struct {
	const char *name;
	enum safe_privacy privacy;
	bool is_line; /* ends before its newline */
} FILES[ETCD_FILES] = {
    {"ca", SAFE_READABLE, false},
    {"certificate", SAFE_READABLE, false},
    {"key", SAFE_PRIVATE, false},
    {"password", SAFE_PRIVATE, true},
};

static enum err
tell(struct etcd_state *state, const char *name, const void *value, size_t len,
    int64_t deadline, struct error *why)
{
	uint8_t head[1 + FLEET_NAME_MAX];
	size_t head_len = fleet_frame_name(head, name);

	return fleet_helper_send(&state->helper, FLEET_FRAME_SETTING, head,
	    head_len, value, len, deadline, why);
}

static enum err
tell_text(struct etcd_state *state, const char *name, const char *value,
    int64_t deadline, struct error *why)
{
	return tell(state, name, value, strlen(value), deadline, why);
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
tell_file(struct etcd_state *state, size_t number, const char *path,
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
		rc = tell(state, FILES[number].name, text, len, deadline, why);
	if (text != NULL)
		crypto_wipe(text, FILE_MOST);
	free(text);
	return rc;
}

static enum err
tell_files(struct etcd_state *state, int64_t deadline, struct error *why)
{
	const char *paths[ETCD_FILES];
	enum err rc = ERR_OK;

	name_files(&state->policy, paths);
	for (size_t i = 0; rc == ERR_OK && i < ETCD_FILES; i++) {
		if (paths[i] == NULL)
			continue;
		/* Before it is read: what changes then is read again. */
		(void)file_mark_take(
		    &state->marks[i], paths[i], FILE_MARK_FOLLOW);
		rc = tell_file(state, i, paths[i], deadline, why);
	}
	return rc;
}

static enum err
tell_endpoints(struct etcd_state *state, int64_t deadline, struct error *why)
{
	const char *rest = state->policy.endpoints;
	char word[LIST_WORD_MAX + 1];
	enum err rc = ERR_OK;

	while (rc == ERR_OK && list_next(&rest, word))
		rc = tell_text(state, "endpoint", word, deadline, why);
	return rc;
}

static enum err
tell_all(struct etcd_state *state, int64_t deadline, struct error *why)
{
	const struct etcd_policy *policy = &state->policy;
	char prefix[CONFIG_PREFIX_MAX + 1 + CONFIG_FLEET_ID_LEN + 1];
	enum err rc;

	strcpy(prefix, policy->prefix);
	strcat(prefix, "/");
	strcat(prefix, state->fleet);
	rc = tell_text(state, "protocol", FLEET_FRAME_PROTOCOL, deadline, why);
	if (rc == ERR_OK)
		rc = tell_text(state, "prefix", prefix, deadline, why);
	if (rc == ERR_OK)
		rc = tell_endpoints(state, deadline, why);
	if (rc == ERR_OK && policy->user[0] != '\0')
		rc = tell_text(state, "user", policy->user, deadline, why);
	if (rc == ERR_OK)
		rc = tell_files(state, deadline, why);
	return rc;
}

/* A certificate may last a day only, and a password be drawn anew. */
static bool
files_are_as_read(const struct etcd_state *state)
{
	const char *paths[ETCD_FILES];
	struct file_mark mark;

	name_files(&state->policy, paths);
	for (size_t i = 0; i < ETCD_FILES; i++) {
		if (paths[i] == NULL)
			continue;
		if (!file_mark_take(&mark, paths[i], FILE_MARK_FOLLOW) ||
		    !file_mark_equals(&mark, &state->marks[i]))
			return false;
	}
	return true;
}

enum err
etcd_state_ready(struct etcd_state *state, int64_t deadline, struct error *why)
{
	enum err rc;

	if (state->helper.pid != 0 && files_are_as_read(state))
		return ERR_OK;
	fleet_helper_end(&state->helper);
	rc = fleet_helper_start(&state->helper, fleet_etcd_program(), why);
	if (rc == ERR_OK)
		rc = tell_all(state, deadline, why);
	if (rc != ERR_OK)
		fleet_helper_end(&state->helper);
	return rc;
}

enum err
etcd_state_ask(struct etcd_state *state, enum fleet_frame_kind kind,
    const char *what, int64_t deadline, struct error *why)
{
	int64_t left = (deadline - lock_deadline(0)) / 1000000 - GRACE;
	uint8_t front[4];

	if (left <= 0)
		return error_set(why, ERR_BUSY, "etcd: no time is left");
	(void)big_endian_put(
	    front, left > UINT32_MAX ? UINT32_MAX : (uint64_t)left, 4);
	return fleet_helper_send(&state->helper, kind, front, sizeof(front),
	    what, strlen(what), deadline, why);
}

/* The text of an end, which is ours but for what etcd has said in it. */
static enum err
end_of(const struct fleet_frame *frame, struct error *why)
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
		return error_set(why, rc, "etcd: %s", error_name(rc));
	return error_set(why, rc, "%s", text);
}

enum err
etcd_state_next(struct etcd_state *state, struct fleet_frame *frame,
    bool *is_end, int64_t deadline, struct error *why)
{
	enum err rc = fleet_helper_receive(
	    &state->helper, frame, deadline, why);

	*is_end = rc != ERR_OK || frame->kind == FLEET_FRAME_END;
	if (rc == ERR_OK && *is_end)
		rc = end_of(frame, why);
	return rc;
}
