#include "fleet_etcd/etcd_serve.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/deadline.h"
#include "fleet_etcd/etcd_settings.h"
#include "fleet_etcd/etcd_survey.h"
#include "fleet_etcd/etcd_watch.h"
#include "fleet_helper/helper_talk.h"

struct server {
	struct helper_talk talk;
	bool is_ready;   /* it has its settings */
	enum err failed; /* one of them; why it did */
	struct error failure;
	struct etcd_store store;
	struct etcd_watch watch;
	/* The step that is being told */
	struct fleet_frame_step step;
	struct etcd_record records[ETCD_STEP_RECORDS];
	size_t count, size;
};

static enum err
send_named(const struct server *server, enum fleet_frame_kind kind,
    const char *name, const struct etcd_bytes *value)
{
	uint8_t head[1 + FLEET_NAME_MAX];
	size_t len = fleet_frame_name(head, name);

	/* A head that is too long is not understood there, either. */
	return helper_talk_send(&server->talk, kind, head, len, value->bytes,
	    value->len <= FLEET_RECORD_MAX ? value->len : 0);
}

static enum err
send_head(void *arg, const char *name, const struct etcd_bytes *value)
{
	return send_named(arg, FLEET_FRAME_IS_HEAD, name, value);
}

static enum err
send_record(void *arg, const char *name, const struct etcd_bytes *value)
{
	return send_named(arg, FLEET_FRAME_ITEM, name, value);
}

static enum err
send_fact(void *arg, const char *name, const struct etcd_bytes *value)
{
	return send_named(arg, FLEET_FRAME_FACT, name, value);
}

/* What was told without being asked for. */
static enum err
send_change(void *arg, const char *issuer, const char *id,
    const struct etcd_bytes *value)
{
	const struct server *server = arg;
	uint8_t front[1 + FLEET_NAME_MAX + TOKEN_ID_LEN];
	size_t len = fleet_frame_name(front, issuer);

	memcpy(front + len, id, TOKEN_ID_LEN);
	len += TOKEN_ID_LEN;
	if (value == NULL)
		return helper_talk_send(
		    &server->talk, FLEET_FRAME_GONE, front, len, NULL, 0);
	/* One that is too long is not told, and its set will not fit. */
	if (value->len > FLEET_RECORD_MAX)
		return ERR_OK;
	return helper_talk_send(&server->talk, FLEET_FRAME_CHANGED, front, len,
	    value->bytes, value->len);
}

static void
forget_step(struct server *server)
{
	for (size_t i = 0; i < server->count; i++)
		free(server->records[i].value.bytes);
	server->count = 0;
	server->size = 0;
	server->step = (struct fleet_frame_step){""};
}

static enum err
begin_step(struct server *server, const struct fleet_frame *frame)
{
	forget_step(server);
	return fleet_frame_step_take(&server->step, frame) ? ERR_OK
							   : ERR_INVALID;
}

static struct etcd_record *
add_record(struct server *server, const char *id)
{
	struct etcd_record *record;

	if (server->count == ETCD_STEP_RECORDS || !token_id_valid(id))
		return NULL;
	record = &server->records[server->count++];
	*record = (struct etcd_record){0};
	strcpy(record->id, id);
	return record;
}

static enum err
take_item(struct server *server, const struct fleet_frame *frame)
{
	struct fleet_frame value = *frame;
	char name[FLEET_NAME_MAX + 1];
	struct etcd_record *record;

	if (!fleet_frame_take_name(&value, name))
		return ERR_INVALID;
	record = add_record(server, name);
	if (record == NULL || value.len > FLEET_RECORD_MAX)
		return ERR_INVALID;
	server->size += value.len;
	record->value.bytes = malloc(value.len + 1);
	record->value.len = value.len;
	if (record->value.bytes == NULL)
		return ERR_NOMEM;
	memcpy(record->value.bytes, value.body, value.len);
	return ERR_OK;
}

static enum err
take_drop(struct server *server, const struct fleet_frame *frame)
{
	char id[TOKEN_ID_LEN + 1];

	return fleet_frame_id(frame, id) && add_record(server, id) != NULL
	    ? ERR_OK
	    : ERR_INVALID;
}

static enum err
commit(struct server *server, int64_t deadline, struct error *why)
{
	enum err rc;

	if (server->step.issuer[0] == '\0')
		return error_set(why, ERR_INVALID, "no step was begun");
	if (server->size > ETCD_STEP_BYTES)
		return error_set(why, ERR_INVALID,
		    "a step of %zu bytes is more than etcd takes",
		    server->size);
	rc = etcd_store_put(&server->store, &server->step, server->records,
	    server->count, deadline, why);
	forget_step(server);
	return rc;
}

/* What the settings have come to, once all are there. */
static enum err
get_ready(struct server *server)
{
	if (!server->is_ready && server->failed == ERR_OK)
		server->failed = etcd_settings_end(
		    &server->store, &server->failure);
	server->is_ready = true;
	return server->failed;
}

static enum err
wait_for_changes(struct server *server, int64_t deadline)
{
	const struct etcd_teller teller = {
	    .head = send_head, .record = send_change, .arg = server};

	return etcd_watch_wait(&server->watch, &server->store,
	    server->talk.socket, deadline, &teller);
}

/* A request and its answer. */
static enum err
answer(struct server *server, const struct fleet_frame *frame)
{
	struct fleet_frame rest = *frame;
	char issuer[PARSE_HOST_MAX + 1];
	struct error why = {""};
	uint32_t milliseconds;
	int64_t deadline;
	enum err rc;

	if (!fleet_frame_take_number(&rest, &milliseconds))
		return ERR_INVALID;
	deadline = deadline_in(milliseconds);
	rc = get_ready(server);
	if (rc != ERR_OK)
		return helper_talk_end(&server->talk, rc, &server->failure);
	if (frame->kind == FLEET_FRAME_READ_HEADS) {
		rc = etcd_store_heads(
		    &server->store, deadline, send_head, server, &why);
	} else if (frame->kind == FLEET_FRAME_COMMIT) {
		rc = commit(server, deadline, &why);
	} else if (frame->kind == FLEET_FRAME_SURVEY) {
		rc = etcd_survey(
		    &server->store, deadline, send_fact, server, &why);
	} else if (frame->kind == FLEET_FRAME_WAIT) {
		/* Unless what ends it has come with it */
		if (!helper_talk_has_more(&server->talk, frame))
			rc = wait_for_changes(server, deadline);
	} else if (fleet_frame_issuer(&rest, issuer)) {
		rc = etcd_store_list(&server->store, issuer, deadline,
		    send_head, send_record, server, &why);
	} else {
		return ERR_INVALID;
	}
	return helper_talk_end(&server->talk, rc, &why);
}

/* One that is wrong is the answer to the first request. */
static enum err
take_setting(struct server *server, const struct fleet_frame *frame)
{
	if (server->is_ready)
		return ERR_INVALID;
	if (server->failed == ERR_OK)
		server->failed = etcd_settings_take(
		    &server->store, frame, &server->failure);
	return ERR_OK;
}

static enum err
take_frame(void *arg, const struct fleet_frame *frame)
{
	struct server *server = arg;

	switch (frame->kind) {
	case FLEET_FRAME_SETTING:
		return take_setting(server, frame);
	case FLEET_FRAME_READ_HEADS:
	case FLEET_FRAME_LIST:
	case FLEET_FRAME_COMMIT:
	case FLEET_FRAME_WAIT:
	case FLEET_FRAME_SURVEY:
		return answer(server, frame);
	case FLEET_FRAME_PUT:
		return begin_step(server, frame);
	case FLEET_FRAME_ITEM:
		return take_item(server, frame);
	case FLEET_FRAME_DROP:
		return take_drop(server, frame);
	case FLEET_FRAME_STOP:
		return ERR_OK;
	default:
		return ERR_INVALID;
	}
}

enum err
etcd_serve(int socket)
{
	struct server *server = calloc(1, sizeof(*server));
	bool is_over = false;
	enum err rc = ERR_OK;

	if (server == NULL)
		return ERR_NOMEM;
	server->talk.socket = socket;
	while (rc == ERR_OK && !is_over)
		rc = helper_talk_hear(
		    &server->talk, take_frame, server, &is_over);
	forget_step(server);
	etcd_watch_close(&server->watch);
	etcd_client_free(&server->store.client);
	crypto_wipe(server, sizeof(*server));
	free(server);
	return rc;
}
