#include "fleet_etcd/etcd_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/parse.h"

#define UNKNOWN 2 /* gRPC's code for it */

json_t *
etcd_json_read(const char *text, size_t len)
{
	json_t *answer = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(answer))
		return answer;
	json_decref(answer);
	return NULL;
}

/* A number as etcd writes it: a text of digits. Left out: 0. */
static bool
get_number(
    const json_t *object, const char *name, uint64_t max, uint64_t *number)
{
	const json_t *value = json_object_get(object, name);

	*number = 0;
	return value == NULL ||
	    (json_is_string(value) &&
		parse_number(json_string_value(value), max, number));
}

static bool
get_revision(const json_t *object, const char *name, int64_t *revision)
{
	uint64_t number;

	if (!get_number(object, name, INT64_MAX, &number))
		return false;
	*revision = (int64_t)number;
	return true;
}

/* Left out: none. */
static bool
get_bytes(const json_t *object, const char *name, struct etcd_bytes *bytes)
{
	const json_t *value = json_object_get(object, name);
	const char *text = value == NULL ? "" : json_string_value(value);
	size_t len = value == NULL ? 0 : json_string_length(value);

	if (text == NULL)
		return false;
	bytes->bytes = malloc(len / 4 * 3 + 1);
	if (bytes->bytes == NULL ||
	    !base64_get(bytes->bytes, &bytes->len, text, len))
		return false;
	bytes->bytes[bytes->len] = '\0';
	return true;
}

static bool
get_flag(const json_t *object, const char *name, bool *flag)
{
	const json_t *value = json_object_get(object, name);

	*flag = json_is_true(value);
	return value == NULL || json_is_boolean(value);
}

bool
etcd_json_source(const json_t *answer, struct etcd_source *source)
{
	const json_t *header = json_object_get(answer, "header");

	return json_is_object(header) &&
	    get_number(header, "cluster_id", UINT64_MAX, &source->cluster) &&
	    get_revision(header, "revision", &source->revision) &&
	    source->cluster != 0 && source->revision != 0;
}

bool
etcd_json_token(const json_t *answer, char token[ETCD_TOKEN_MAX + 1])
{
	const json_t *value = json_object_get(answer, "token");
	const char *text = json_string_value(value);
	size_t len = text == NULL ? 0 : strlen(text);

	/* It becomes a line of a request. */
	if (len == 0 || len > ETCD_TOKEN_MAX ||
	    strspn(text,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789._-+/=") != len)
		return false;
	strcpy(token, text);
	return true;
}

static bool
get_pair(const json_t *object, struct etcd_pair *pair)
{
	return json_is_object(object) && get_bytes(object, "key", &pair->key) &&
	    get_bytes(object, "value", &pair->value) &&
	    get_revision(object, "mod_revision", &pair->changed);
}

bool
etcd_json_pairs(const json_t *answer, struct etcd_pairs *pairs)
{
	const json_t *all = json_object_get(answer, "kvs");
	size_t count = json_array_size(all);

	*pairs = (struct etcd_pairs){0};
	if ((all != NULL && !json_is_array(all)) ||
	    !get_flag(answer, "more", &pairs->has_more))
		return false;
	pairs->each = calloc(count + 1, sizeof(*pairs->each));
	if (pairs->each == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct etcd_pair *pair = &pairs->each[pairs->count++];

		if (!get_pair(json_array_get(all, i), pair))
			return false;
	}
	return true;
}

static void
free_pair(struct etcd_pair *pair)
{
	free(pair->key.bytes);
	free(pair->value.bytes);
}

void
etcd_pairs_free(struct etcd_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++)
		free_pair(&pairs->each[i]);
	free(pairs->each);
	*pairs = (struct etcd_pairs){0};
}

bool
etcd_json_outcome(const json_t *answer, bool *is_done, struct etcd_pairs *pairs)
{
	const json_t *all = json_object_get(answer, "responses"), *range;

	*pairs = (struct etcd_pairs){0};
	if (!get_flag(answer, "succeeded", is_done))
		return false;
	if (*is_done)
		return true;
	range = json_object_get(json_array_get(all, 0), "response_range");
	return json_array_size(all) == 1 && json_is_object(range) &&
	    etcd_json_pairs(range, pairs);
}

/* What is no deletion is a put: the name of that is left out. */
static bool
get_event(const json_t *object, struct etcd_event *event)
{
	const json_t *type = json_object_get(object, "type");
	const char *name = json_string_value(type);

	event->is_gone = name != NULL && strcmp(name, "DELETE") == 0;
	return get_pair(json_object_get(object, "kv"), &event->pair);
}

static bool
get_events(const json_t *all, struct etcd_events *events)
{
	size_t count = json_array_size(all);

	if (all != NULL && !json_is_array(all))
		return false;
	events->each = calloc(count + 1, sizeof(*events->each));
	if (events->each == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct etcd_event *event = &events->each[events->count++];

		if (!get_event(json_array_get(all, i), event))
			return false;
		if (event->pair.changed > events->changed)
			events->changed = event->pair.changed;
	}
	return true;
}

bool
etcd_json_events(const json_t *message, struct etcd_events *events)
{
	const json_t *result = json_object_get(message, "result");
	bool is_canceled;
	int64_t compacted;

	*events = (struct etcd_events){0};
	return json_is_object(result) &&
	    get_flag(result, "canceled", &is_canceled) && !is_canceled &&
	    get_revision(result, "compact_revision", &compacted) &&
	    compacted == 0 &&
	    get_events(json_object_get(result, "events"), events);
}

void
etcd_events_free(struct etcd_events *events)
{
	for (size_t i = 0; i < events->count; i++)
		free_pair(&events->each[i].pair);
	free(events->each);
	*events = (struct etcd_events){0};
}

int
etcd_json_error(const json_t *answer, char reason[ETCD_REASON_MAX + 1])
{
	const json_t *code = json_object_get(answer, "code");
	/* etcd 3.4 says error, some builds of 3.5 message, others both. */
	const char *text = json_string_value(json_object_get(answer, "error"));
	json_int_t number = json_integer_value(code);

	if (text == NULL)
		text = json_string_value(json_object_get(answer, "message"));
	/* What a stranger says is shown, so it is one line. */
	reason[0] = '\0';
	if (text != NULL && parse_is_printable(text, ETCD_REASON_MAX))
		strcpy(reason, text);
	return number > 0 && number < 100 ? (int)number : UNKNOWN;
}
