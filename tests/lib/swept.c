#include "swept.h"

#include <string.h>

#include "unit.h"

struct sweep swept;

int
swept_setup(void **state)
{
	world_set(ROOT ALICE, "alice:!" DAYS);
	swept = (struct sweep){0};
	return scratch_setup_store(state);
}

int
swept_teardown(void **state)
{
	sweep_free(&swept);
	return scratch_teardown(state);
}

void
swept_files(const char *passwd, const char *shadow)
{
	world_set_file(&world.passwd, passwd, strlen(passwd));
	world_set_file(&world.shadow, shadow, strlen(shadow));
}

void
swept_add(
    const struct scratch *scratch, const char *user, uid_t uid, bool local)
{
	struct record record;

	sample_record(&record, user, "");
	record.uid = uid;
	record.local = local;
	assert_ok(sample_add(scratch, &record));
}

void
swept_survey(const struct scratch *scratch)
{
	sweep_free(&swept);
	assert_ok(sweep_survey(&swept, &scratch->config, NULL, NOW, &why));
}

void
swept_look(const struct scratch *scratch)
{
	assert_ok(sweep_read_files(&swept, &scratch->config, NOW, &why));
	sweep_ask(&swept, &scratch->config, false, NOW);
}

void
swept_look_again(const struct scratch *scratch)
{
	assert_ok(sweep_look_again(&swept, &scratch->config, NOW + 3, &why));
}

struct sweep_owner *
swept_owner(const char *user, uid_t uid)
{
	struct sweep_owner *one = swept.owners;

	while (one != NULL && (strcmp(one->user, user) != 0 || one->uid != uid))
		one = one->next;
	assert_non_null(one);
	return one;
}

size_t
swept_count(void)
{
	size_t count = 0;

	for (struct sweep_owner *one = swept.owners; one; one = one->next)
		count++;
	return count;
}
