/* What fits into a step. */
#include "fleet_etcd/etcd_store.h"

#include "lib/fleet.h"
#include "lib/unit.h"

static void
test_records_of_the_largest_form(void **state)
{
	uint8_t bytes[FLEET_RECORD_MAX];
	struct fleet_record record;
	size_t len;

	(void)state;
	fleet_sample_largest(&record, "x");
	assert_ok(fleet_record_encode(&record, bytes, &len));
	assert_in_range(ETCD_STEP_RECORDS * len, 0, ETCD_STEP_BYTES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_records_of_the_largest_form),
	};

	return unit_run(tests);
}
