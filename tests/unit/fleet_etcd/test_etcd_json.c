/* What is said to etcd, byte by byte, and what of its answers is understood. */
#include "fleet_etcd/etcd_json.h"

#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"

#define HEADER                                                                 \
	"\"header\":{\"cluster_id\":\"18446744073709551615\","                 \
	"\"revision\":\"9223372036854775807\"}"

static void
assert_text(char *text, const char *meant)
{
	assert_non_null(text);
	assert_string_equal(text, meant);
	free(text);
}

static void
test_requests(void **state)
{
	struct etcd_range range = {"a", "b", 7, 500, true};
	struct etcd_range one = {.from = "a"};
	struct etcd_change changes[] = {
	    {"k", (const uint8_t *)"v", 1}, {"gone", NULL, 0}};

	(void)state;
	assert_text(etcd_json_login("fleet", "a\"b"),
	    "{\"name\":\"fleet\",\"password\":\"a\\\"b\"}");
	assert_text(etcd_json_range(&range),
	    "{\"key\":\"YQ==\",\"revision\":\"7\",\"limit\":\"500\","
	    "\"keys_only\":true,\"range_end\":\"Yg==\"}");
	assert_text(etcd_json_range(&one),
	    "{\"key\":\"YQ==\",\"revision\":\"0\",\"limit\":\"0\","
	    "\"keys_only\":false}");
	assert_text(etcd_json_watch("a", "b", 8),
	    "{\"create_request\":{\"key\":\"YQ==\",\"range_end\":\"Yg==\","
	    "\"start_revision\":\"8\"}}");
	assert_text(etcd_json_put("a", 7, changes, 2),
	    "{\"compare\":[{\"target\":\"MOD\",\"result\":\"EQUAL\","
	    "\"key\":\"YQ==\",\"mod_revision\":\"7\"}],\"success\":["
	    "{\"request_put\":{\"key\":\"aw==\",\"value\":\"dg==\"}},"
	    "{\"request_delete_range\":{\"key\":\"Z29uZQ==\"}}],"
	    "\"failure\":[{\"request_range\":{\"key\":\"YQ==\","
	    "\"revision\":\"0\",\"limit\":\"0\",\"keys_only\":false}}]}");
}

static json_t *
read_text(const char *text)
{
	return etcd_json_read(text, strlen(text));
}

static void
test_source(void **state)
{
	static const char too_large[] =
	    "{\"header\":{\"cluster_id\":\"1\","
	    "\"revision\":\"9223372036854775808\"}}";
	static const char *const BAD[] = {"{}", "{\"header\":[]}",
	    "{\"header\":{\"cluster_id\":\"1\"}}",
	    "{\"header\":{\"revision\":\"1\"}}",
	    "{\"header\":{\"cluster_id\":\"1\",\"revision\":1}}",
	    "{\"header\":{\"cluster_id\":\"1\",\"revision\":\"+1\"}}",
	    "{\"header\":{\"cluster_id\":\"0\",\"revision\":\"1\"}}",
	    too_large};
	struct etcd_source source;
	json_t *answer = read_text("{" HEADER "}");

	(void)state;
	assert_true(etcd_json_source(answer, &source));
	assert_true(source.cluster == UINT64_MAX);
	assert_true(source.revision == INT64_MAX);
	json_decref(answer);
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		answer = read_text(BAD[i]);
		assert_false(etcd_json_source(answer, &source));
		json_decref(answer);
	}
	assert_null(read_text("[]"));
	assert_null(read_text("{} x"));
	assert_null(read_text("{\"a\":1,\"a\":1}"));
	assert_false(etcd_json_source(NULL, &source));
}

static void
test_pairs(void **state)
{
	struct etcd_pairs pairs;
	json_t *answer = read_text(
	    "{\"kvs\":[{\"key\":\"YQ==\",\"value\":\"AGI=\","
	    "\"mod_revision\":\"5\"},{\"key\":\"Yg==\"}],\"more\":true}");

	(void)state;
	assert_true(etcd_json_pairs(answer, &pairs));
	assert_int_equal(pairs.count, 2);
	assert_true(pairs.has_more);
	assert_string_equal((char *)pairs.each[0].key.bytes, "a");
	assert_int_equal(pairs.each[0].value.len, 2);
	assert_memory_equal(pairs.each[0].value.bytes, "\0b", 3);
	assert_int_equal(pairs.each[0].changed, 5);
	assert_int_equal(pairs.each[1].value.len, 0);
	etcd_pairs_free(&pairs);
	json_decref(answer);
	answer = read_text("{}");
	assert_true(etcd_json_pairs(answer, &pairs));
	assert_int_equal(pairs.count, 0);
	assert_false(pairs.has_more);
	etcd_pairs_free(&pairs);
	json_decref(answer);
}

/* What is left out is false. */
static void
test_outcome(void **state)
{
	struct etcd_pairs pairs;
	bool is_done = false;
	json_t *answer = read_text("{\"succeeded\":true}");

	(void)state;
	assert_true(etcd_json_outcome(answer, &is_done, &pairs));
	assert_true(is_done);
	json_decref(answer);
	answer = read_text("{\"responses\":[{\"response_range\":{}}]}");
	assert_true(etcd_json_outcome(answer, &is_done, &pairs));
	assert_false(is_done);
	etcd_pairs_free(&pairs);
	json_decref(answer);
	answer = read_text("{}");
	assert_false(etcd_json_outcome(answer, &is_done, &pairs));
	assert_false(is_done);
	etcd_pairs_free(&pairs);
	json_decref(answer);
}

/* What is told: the key of each, with a minus if it is gone; NULL: the end. */
static void
assert_events(const char *text, const char *told, int64_t changed)
{
	struct etcd_events events;
	json_t *message = read_text(text);
	char all[200] = "";

	assert_int_equal(etcd_json_events(message, &events), told != NULL);
	json_decref(message);
	for (size_t i = 0; told != NULL && i < events.count; i++) {
		if (events.each[i].is_gone)
			strcat(all, "-");
		strcat(all, (const char *)events.each[i].pair.key.bytes);
		strcat(all, (const char *)events.each[i].pair.value.bytes);
	}
	if (told != NULL)
		assert_string_equal(all, told);
	assert_true(told == NULL || events.changed == changed);
	etcd_events_free(&events);
}

static void
test_events(void **state)
{
	(void)state;
	assert_events("{\"result\":{\"created\":true}}", "", 0);
	assert_events("{\"result\":{\"events\":[{\"kv\":{\"key\":\"aw==\","
		      "\"value\":\"dg==\",\"mod_revision\":\"9\"}},"
		      "{\"type\":\"DELETE\",\"kv\":{\"key\":\"aw==\","
		      "\"mod_revision\":\"8\"}}]}}",
	    "kv-k", 9);
	assert_events(
	    "{\"result\":{\"events\":[{\"kv\":{\"key\":7}}]}}", NULL, 0);
	assert_events("{\"result\":{\"events\":[{}]}}", NULL, 0);
	assert_events("{\"result\":{\"events\":{}}}", NULL, 0);
	assert_events("{\"result\":{\"canceled\":true}}", NULL, 0);
	assert_events("{\"result\":{\"compact_revision\":\"3\"}}", NULL, 0);
	assert_events("{\"error\":{\"grpc_code\":7}}", NULL, 0);
	assert_events("rubbish", NULL, 0);
}

static void
test_errors(void **state)
{
	char reason[ETCD_REASON_MAX + 1];
	json_t *answer = read_text("{\"error\":\"no leader\",\"code\":14}");

	(void)state;
	assert_int_equal(etcd_json_error(answer, reason), 14);
	assert_string_equal(reason, "no leader");
	json_decref(answer);
	answer = read_text("{\"error\":\"\\u001b[2J\",\"code\":\"14\"}");
	assert_int_equal(etcd_json_error(answer, reason), 2);
	assert_string_equal(reason, "");
	json_decref(answer);
	assert_int_equal(etcd_json_error(NULL, reason), 2);
	/* Debian 13's etcd 3.5.16 */
	answer = read_text(
	    "{\"code\":7, \"message\":\"etcdserver: permission denied\"}");
	assert_int_equal(etcd_json_error(answer, reason), 7);
	assert_string_equal(reason, "etcdserver: permission denied");
	json_decref(answer);
}

static void
test_tokens(void **state)
{
	char token[ETCD_TOKEN_MAX + 1] = "";
	json_t *answer = read_text("{\"token\":\"abc.123\"}");

	(void)state;
	assert_true(etcd_json_token(answer, token));
	assert_string_equal(token, "abc.123");
	json_decref(answer);
	answer = read_text("{\"token\":\"a\\r\\nX: y\"}");
	assert_false(etcd_json_token(answer, token));
	json_decref(answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_requests),
	    cmocka_unit_test(test_source),
	    cmocka_unit_test(test_pairs),
	    cmocka_unit_test(test_outcome),
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_errors),
	    cmocka_unit_test(test_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
