/* The engine `file` by https, as far as it asks nobody. */
#include "fleet/fleet_https.h"

#include <string.h>

#include "base/deadline.h"
#include "lib/unit.h"

static struct config config;

static int
set_up(void **state)
{
	(void)state;
	assert_ok(config_parse(&config, "", 0, "file", &why));
	strcpy(config.fleet.source, "https://hub.example/fleet/");
	return 0;
}

static void
test_urls(void **state)
{
	(void)state;
	assert_true(fleet_https_is_url("https://a/"));
	assert_false(fleet_https_is_url("/var/lib/apitoken-fleet"));
	assert_false(fleet_https_is_url("http://a/"));
}

/* Two looks may fail before what is known is too old. */
static void
test_pause(void **state)
{
	static const int64_t PAUSES[][2] = {{5, 2000}, {6, 2000}, {30, 10000},
	    {120, 40000}, {180, 60000}, {86400, 60000}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(PAUSES); i++) {
		config.fleet.stale_after = PAUSES[i][0];
		assert_int_equal(fleet_https.pause(&config), PAUSES[i][1]);
	}
}

static void
test_certificate_with_key(void **state)
{
	void *engine = NULL;

	(void)state;
	strcpy(config.https.certificate, "/a");
	assert_err(ERR_CONFIG, fleet_https.open(&engine, &config, 0, &why));
	fleet_https.close(engine);
	strcpy(config.https.key, "/b");
	assert_ok(fleet_https.open(&engine, &config, 0, &why));
	fleet_https.close(engine);
}

static void
test_nothing_is_put(void **state)
{
	const struct fleet_engine_put put = {.issuer = "hub", .head = "x"};
	void *engine = NULL;

	(void)state;
	assert_ok(fleet_https.open(&engine, &config, 0, &why));
	assert_err(ERR_CONFIG,
	    fleet_https.put_if(engine, &put, deadline_in(1000), &why));
	assert_non_null(
	    strstr(why.text, "https://hub.example/fleet/ is only "));
	assert_err(ERR_CONFIG,
	    fleet_https.rewrite(engine, &put, deadline_in(1000), &why));
	fleet_https.close(engine);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_urls, set_up),
	    cmocka_unit_test_setup(test_pause, set_up),
	    cmocka_unit_test_setup(test_certificate_with_key, set_up),
	    cmocka_unit_test_setup(test_nothing_is_put, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
