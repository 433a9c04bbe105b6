#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "fleet_etcd/etcd_json.h"

/* A text, to be wiped by its user if it is secret. */
static char *
to_text(json_t *request)
{
	char *text = NULL;

	if (request != NULL)
		text = json_dumps(request, JSON_COMPACT);
	json_decref(request);
	return text;
}

static json_t *
number(int64_t value)
{
	return json_sprintf("%lld", (long long)value);
}

static json_t *
bytes_of(const void *bytes, size_t len)
{
	char *text = malloc(BASE64_LEN(len) + 1);
	json_t *value = NULL;

	if (text != NULL) {
		base64_put(text, bytes, len);
		value = json_string(text);
	}
	free(text);
	return value;
}

static json_t *
text_of(const char *text)
{
	return bytes_of(text, strlen(text));
}

char *
etcd_json_login(const char *user, const char *password)
{
	return to_text(
	    json_pack("{s:s, s:s}", "name", user, "password", password));
}

static json_t *
range_of(const struct etcd_range *range)
{
	json_t *request = json_pack("{s:o, s:o, s:o, s:b}", "key",
	    text_of(range->from), "revision", number(range->revision), "limit",
	    number((int64_t)range->limit), "keys_only", range->has_no_values);

	if (request != NULL && range->end != NULL &&
	    json_object_set_new(request, "range_end", text_of(range->end)) !=
		0) {
		json_decref(request);
		return NULL;
	}
	return request;
}

char *
etcd_json_range(const struct etcd_range *range)
{
	return to_text(range_of(range));
}

char *
etcd_json_watch(const char *from, const char *end, int64_t since)
{
	return to_text(json_pack("{s:{s:o, s:o, s:o}}", "create_request", "key",
	    text_of(from), "range_end", text_of(end), "start_revision",
	    number(since)));
}

static json_t *
change_of(const struct etcd_change *change)
{
	if (change->value == NULL)
		return json_pack("{s:{s:o}}", "request_delete_range", "key",
		    text_of(change->key));
	return json_pack("{s:{s:o, s:o}}", "request_put", "key",
	    text_of(change->key), "value",
	    bytes_of(change->value, change->len));
}

char *
etcd_json_put(const char *guard, int64_t changed,
    const struct etcd_change *changes, size_t count)
{
	struct etcd_range range = {.from = guard};
	json_t *all = json_array(), *request;

	for (size_t i = 0; i < count; i++) {
		if (json_array_append_new(all, change_of(&changes[i])) != 0) {
			json_decref(all);
			return NULL;
		}
	}
	request = json_pack("{s:[{s:s, s:s, s:o, s:o}], s:o, s:[{s:o}]}",
	    "compare", "target", "MOD", "result", "EQUAL", "key",
	    text_of(guard), "mod_revision", number(changed), "success", all,
	    "failure", "request_range", range_of(&range));
	return to_text(request);
}
