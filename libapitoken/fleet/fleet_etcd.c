#include "fleet/fleet_etcd.h"

#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_etcd_impl.h"
#include "fleet/fleet_news.h"

const char *
fleet_etcd_program(void)
{
	return FLEET_ETCD;
}

static enum err
open_etcd(void **opened, const struct config *config, int64_t deadline,
    struct error *why)
{
	struct etcd_state *state = calloc(1, sizeof(*state));

	(void)deadline;
	*opened = state;
	if (state == NULL)
		return error_plain(why, ERR_NOMEM);
	state->policy = config->etcd;
	strcpy(state->fleet, config->fleet.id);
	etcd_state_name_files(state);
	if (state->policy.endpoints[0] == '\0' || state->fleet[0] == '\0')
		return error_set(why, ERR_CONFIG,
		    "[fleet] engine is etcd: set [fleet] id and [etcd] "
		    "endpoints, too");
	return ERR_OK;
}

static void
close_etcd(void *opened)
{
	struct etcd_state *state = opened;

	if (state == NULL)
		return;
	fleet_helper_end(&state->helper);
	free(state);
}

/* Asks for it, and receives the answer. */
static enum err
ask(struct etcd_state *state, enum fleet_frame_kind kind, const char *what,
    fleet_part_taker *take, void *arg, int64_t deadline, struct error *why)
{
	enum err rc = etcd_state_ready(state, deadline, why);

	if (rc == ERR_OK)
		rc = fleet_ask(&state->helper, kind, what, deadline, why);
	return rc == ERR_OK
	    ? fleet_ask_parts(&state->helper, take, arg, deadline, why)
	    : rc;
}

static enum err
take_head(void *arg, struct fleet_frame *frame)
{
	char issuer[FLEET_NAME_MAX + 1];
	struct fleet_engine_head *head;

	if (frame->kind != FLEET_FRAME_IS_HEAD ||
	    !fleet_frame_take_name(frame, issuer) || !parse_is_host(issuer))
		return ERR_INVALID;
	head = fleet_engine_heads_add(arg, issuer);
	if (head == NULL)
		return ERR_NOMEM;
	fleet_engine_head_set(head, (const char *)frame->body, frame->len);
	return ERR_OK;
}

static enum err
read_heads(void *opened, struct fleet_engine_heads *heads, int64_t deadline,
    struct error *why)
{
	*heads = (struct fleet_engine_heads){0};
	return ask(opened, FLEET_FRAME_READ_HEADS, "", take_head, heads,
	    deadline, why);
}

static enum err
take_part(void *arg, struct fleet_frame *frame)
{
	struct etcd_image *image = arg;
	uint8_t head[FLEET_ITEM_HEAD];
	char name[FLEET_NAME_MAX + 1];
	struct fleet_item item = {""};
	enum err rc;

	if (!fleet_frame_take_name(frame, name))
		return ERR_INVALID;
	if (frame->kind == FLEET_FRAME_IS_HEAD && image->all.len == 0) {
		image->head = frame->len;
		return growing_add(
		    &image->all, SIZE_MAX, frame->body, frame->len);
	}
	if (frame->kind != FLEET_FRAME_ITEM || !token_id_valid(name))
		return ERR_INVALID;
	strcpy(item.id, name);
	item.len = frame->len;
	fleet_snapshot_item(&item, head);
	rc = growing_add(&image->all, SIZE_MAX, head, sizeof(head));
	return rc == ERR_OK
	    ? growing_add(&image->all, SIZE_MAX, frame->body, frame->len)
	    : rc;
}

enum err
etcd_state_image(struct etcd_state *state, const char *issuer,
    struct etcd_image *image, int64_t deadline, struct error *why)
{
	*image = (struct etcd_image){0};
	return ask(
	    state, FLEET_FRAME_LIST, issuer, take_part, image, deadline, why);
}

static enum err
list(void *opened, const char *issuer, struct fleet_engine_list *found,
    int64_t deadline, struct error *why)
{
	struct etcd_image image;
	enum err rc = etcd_state_image(opened, issuer, &image, deadline, why);

	*found = (struct fleet_engine_list){.bytes = image.all.bytes};
	if (rc == ERR_OK && image.head == 0)
		rc = error_set(why, ERR_NOT_FOUND,
		    "issuer %s: etcd has no head of it", issuer);
	if (rc == ERR_OK)
		rc = fleet_snapshot_read(
		    &found->list, image.all.bytes, image.all.len, why);
	return rc;
}

static enum err
send_item(struct etcd_state *state, const struct fleet_item *item,
    int64_t deadline, struct error *why)
{
	uint8_t head[1 + FLEET_NAME_MAX];

	if (item->bytes == NULL)
		return fleet_helper_send(&state->helper, FLEET_FRAME_DROP,
		    item->id, strlen(item->id), NULL, 0, deadline, why);
	return fleet_helper_send(&state->helper, FLEET_FRAME_ITEM, head,
	    fleet_frame_name(head, item->id), item->bytes, item->len, deadline,
	    why);
}

static enum err
send_step(struct etcd_state *state, const struct fleet_engine_put *put,
    int64_t deadline, struct error *why)
{
	struct fleet_frame_step step = {""};
	uint8_t body[FLEET_FRAME_STEP_MAX];
	enum err rc;

	if (strlen(put->issuer) >= sizeof(step.issuer) ||
	    (put->before != NULL && strlen(put->before) > FLEET_HEAD_MAX) ||
	    (put->head != NULL && strlen(put->head) > FLEET_HEAD_MAX) ||
	    put->count > ETCD_RECORDS_MOST)
		return error_set(why, ERR_INVALID, "etcd: too much for a step");
	strcpy(step.issuer, put->issuer);
	strcpy(step.before, put->before == NULL ? "" : put->before);
	strcpy(step.head, put->head == NULL ? "" : put->head);
	rc = fleet_helper_send(&state->helper, FLEET_FRAME_PUT, body,
	    fleet_frame_step_put(body, &step), NULL, 0, deadline, why);
	for (size_t i = 0; rc == ERR_OK && i < put->count; i++)
		rc = send_item(state, &put->items[i], deadline, why);
	return rc;
}

enum err
etcd_state_put(struct etcd_state *state, const struct fleet_engine_put *put,
    int64_t deadline, struct error *why)
{
	enum err rc = etcd_state_ready(state, deadline, why);

	if (rc == ERR_OK)
		rc = send_step(state, put, deadline, why);
	if (rc == ERR_OK)
		rc = fleet_ask(
		    &state->helper, FLEET_FRAME_COMMIT, "", deadline, why);
	return rc == ERR_OK
	    ? fleet_ask_parts(&state->helper, NULL, NULL, deadline, why)
	    : rc;
}

static enum err
put_if(void *opened, const struct fleet_engine_put *put, int64_t deadline,
    struct error *why)
{
	return etcd_state_put(opened, put, deadline, why);
}

static enum err
rewrite(void *opened, const struct fleet_engine_put *put, int64_t deadline,
    struct error *why)
{
	return etcd_state_rewrite(opened, put, deadline, why);
}

static enum err
wait_etcd(void *opened, struct fleet_news *news, int wake, int64_t deadline,
    struct error *why)
{
	struct etcd_state *state = opened;
	enum err rc = etcd_state_ready(state, deadline, why);

	return rc == ERR_OK
	    ? fleet_ask_wait(&state->helper, news, wake, deadline, why)
	    : rc;
}

/* To whom the facts of a survey go. */
struct fact_taker {
	fleet_engine_taker *take;
	void *arg;
};

static enum err
take_fact(void *arg, struct fleet_frame *frame)
{
	const struct fact_taker *taker = arg;
	char name[FLEET_NAME_MAX + 1], text[ETCD_FACT_MAX + 1];

	if (frame->kind != FLEET_FRAME_FACT ||
	    !fleet_frame_take_name(frame, name) || frame->len > ETCD_FACT_MAX ||
	    memchr(frame->body, '\0', frame->len) != NULL)
		return ERR_INVALID;
	memcpy(text, frame->body, frame->len);
	text[frame->len] = '\0';
	return parse_is_printable(text, ETCD_FACT_MAX)
	    ? taker->take(taker->arg, name, text)
	    : ERR_INVALID;
}

static enum err
survey(void *opened, fleet_engine_taker *take, void *arg, int64_t deadline,
    struct error *why)
{
	struct fact_taker taker = {take, arg};

	return ask(
	    opened, FLEET_FRAME_SURVEY, "", take_fact, &taker, deadline, why);
}

const struct fleet_engine fleet_etcd = {
    .name = "etcd",
    .has_news = true,
    .most = ETCD_RECORDS_MOST,
    .open = open_etcd,
    .close = close_etcd,
    .read_heads = read_heads,
    .list = list,
    .put_if = put_if,
    .rewrite = rewrite,
    .wait = wait_etcd,
    .survey = survey,
};
