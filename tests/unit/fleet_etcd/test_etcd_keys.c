/* Where things stand in etcd, and whose a key is that was told. */
#include "fleet_etcd/etcd_keys.h"

#include <string.h>

#include "lib/unit.h"

#define PREFIX "/apitoken/00"

static void
assert_key(const char *key, const char *issuer, const char *id)
{
	char got_issuer[PARSE_HOST_MAX + 1], got_id[TOKEN_ID_LEN + 1];

	assert_int_equal(
	    etcd_key_read(key, strlen(key), PREFIX, got_issuer, got_id),
	    issuer != NULL);
	if (issuer == NULL)
		return;
	assert_string_equal(got_issuer, issuer);
	assert_string_equal(got_id, id);
}

static void
test_read(void **state)
{
	char key[ETCD_KEY_MAX + 1];

	(void)state;
	etcd_key_head(key, PREFIX, "hub.example.org");
	assert_key(key, "hub.example.org", "");
	etcd_key_record(key, PREFIX, "hub", "0123456789");
	assert_key(key, "hub", "0123456789");
}

static void
test_not_ours(void **state)
{
	char issuer[PARSE_HOST_MAX + 1], id[TOKEN_ID_LEN + 1];
	char key[300] = PREFIX "/rec/";

	(void)state;
	assert_key("", NULL, NULL);
	assert_key(PREFIX, NULL, NULL);
	assert_key(PREFIX "/head/", NULL, NULL);
	assert_key(PREFIX "/head/a/b", NULL, NULL);
	assert_key(PREFIX "/head/UPPER", NULL, NULL);
	assert_key(PREFIX "1/head/hub", NULL, NULL);
	assert_key(PREFIX "/rec/hub", NULL, NULL);
	assert_key(PREFIX "/rec//0123456789", NULL, NULL);
	assert_key(PREFIX "/rec/hub/012345678", NULL, NULL);
	assert_key(PREFIX "/rec/hub/0123456789/", NULL, NULL);
	assert_key(PREFIX "/rec/hub/01234/6789", NULL, NULL);
	/* A NUL within */
	assert_false(etcd_key_read(
	    PREFIX "/head/hub\0x", strlen(PREFIX) + 11, PREFIX, issuer, id));
	/* Longer than an issuer's name can be */
	memset(key + strlen(key), 'a', 100);
	strcat(key, "/0123456789");
	assert_key(key, NULL, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
