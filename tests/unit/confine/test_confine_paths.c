#include "confine/confine_paths.h"

#include <stdio.h>
#include <string.h>

#include "lib/unit.h"

static struct confine_policy policy;

/* The places that are not built in, as `V/a` and `W/b`, in order. */
static const char *
made_for(enum confine_paths_view view, const char *home)
{
	static const char KINDS[] = {'V', 'W', 'O', 'H'};
	static char text[1024];
	struct places places;
	size_t len = 0;

	assert_ok(confine_paths_make(&places, view, &policy, home, &why));
	text[0] = '\0';
	for (size_t i = 0; i < places.count; i++) {
		if (!places.list[i].is_built_in)
			len += (size_t)snprintf(text + len, sizeof(text) - len,
			    "%s%c%s", len > 0 ? " " : "",
			    KINDS[places.list[i].kind], places.list[i].path);
	}
	confine_paths_free(&places);
	assert_null(places.list);
	return text;
}

static const char *
made(const char *home)
{
	return made_for(CONFINE_PATHS_SESSION, home);
}

static void
test_built_in(void **state)
{
	/* How many there are of each kind, in the order of enum place_kind. */
	static const int EXPECTED[] = {10, 5, 0, 2};
	int counts[4] = {0};
	struct places places;

	(void)state;
	policy = (struct confine_policy){0};
	assert_string_equal(made(NULL), "");
	assert_ok(confine_paths_make(
	    &places, CONFINE_PATHS_SESSION, &policy, NULL, &why));
	for (size_t i = 0; i < places.count; i++) {
		assert_int_equal(places.list[i].tree, -1);
		counts[places.list[i].kind]++;
	}
	assert_memory_equal(counts, EXPECTED, sizeof(counts));
	confine_paths_free(&places);
}

static void
test_order_is_from_the_outside_in(void **state)
{
	(void)state;
	policy = (struct confine_policy){
	    .writable = "/srv/a/b,/home/a",
	    .visible = "/srv/a/b/c",
	    .hidden = "/srv/a,/srv/a-b,/home/a/x",
	};
	assert_string_equal(made(NULL),
	    "W/home/a H/home/a/x H/srv/a H/srv/a-b W/srv/a/b V/srv/a/b/c");
}

static void
test_home(void **state)
{
	char home[PATH_LEN + 2];
	struct places places;

	(void)state;
	policy = (struct confine_policy){
	    .writable = "~/up", .hidden = "~/.ssh"};
	assert_string_equal(made("/home/a b"), "H/home/a b/.ssh W/home/a b/up");
	assert_string_equal(made("/"), "H/.ssh W/up");
	assert_string_equal(made(NULL), "");
	memset(home, 'x', sizeof(home));
	home[0] = '/';
	home[PATH_LEN + 1] = '\0';
	assert_err(ERR_INVALID,
	    confine_paths_make(
		&places, CONFINE_PATHS_SESSION, &policy, home, &why));
	confine_paths_free(&places);
	home[PATH_LEN] = '\0';
	assert_int_equal(
	    strlen(made(home)), 2 * PATH_LEN + strlen("H/.ssh W/up"));
}

/* The safer kind wins, whatever else is said of a path. */
static void
test_strongest_counts(void **state)
{
	(void)state;
	policy = (struct confine_policy){
	    .writable = "/a,/b,/a",
	    .visible = "/a,/c",
	    .hidden = "/b",
	};
	assert_string_equal(made(NULL), "W/a H/b V/c");
}

static void
test_what_is_shared_becomes_its_own(void **state)
{
	(void)state;
	policy = (struct confine_policy){
	    .writable = "/tmp,/var/tmp,/dev/shm,/tmp/x,/run"};
	assert_string_equal(
	    made(NULL), "O/dev/shm W/run O/tmp W/tmp/x O/var/tmp");
	policy = (struct confine_policy){.visible = "/tmp"};
	assert_string_equal(made(NULL), "V/tmp");
	policy = (struct confine_policy){.writable = "/tmp", .hidden = "/tmp"};
	assert_string_equal(made(NULL), "H/tmp");
}

static void
test_what_is_above(void **state)
{
	struct places places;
	const struct place *above;

	(void)state;
	policy = (struct confine_policy){
	    .visible = "/run/x/y", .hidden = "/a,/a-b,/a/b/c"};
	assert_ok(confine_paths_make(
	    &places, CONFINE_PATHS_SESSION, &policy, NULL, &why));
	for (size_t i = 0; i < places.count; i++) {
		const char *path = places.list[i].path;

		above = confine_paths_above(&places, i);
		if (strcmp(path, "/run/x/y") == 0)
			assert_string_equal(above->path, "/run");
		else if (strcmp(path, "/a/b/c") == 0)
			assert_string_equal(above->path, "/a");
		else if (strcmp(path, "/a-b") == 0)
			assert_null(above);
	}
	assert_null(confine_paths_above(&places, 0));
	confine_paths_free(&places);
}

/*
 * It has to log the session out, so nothing built in is hidden from it. It
 * needs nothing in /tmp.
 */
static void
test_a_host(void **state)
{
	struct places places;
	bool has_terminals = false;

	(void)state;
	policy = (struct confine_policy){
	    .writable = "/tmp,/dev/shm,/tmp/x,/srv/in",
	    .visible = "~/.ssh/config,/tmp/y",
	    .hidden = "~/.ssh,/run/secret,/tmp/z",
	};
	assert_string_equal(made_for(CONFINE_PATHS_HOST, "/home/a"),
	    "H/home/a/.ssh V/home/a/.ssh/config H/run/secret W/srv/in");
	assert_ok(confine_paths_make(
	    &places, CONFINE_PATHS_HOST, &policy, NULL, &why));
	for (size_t i = 0; i < places.count; i++) {
		const struct place *place = &places.list[i];

		if (!place->is_built_in)
			continue;
		assert_int_equal(place->kind, PLACE_WRITABLE);
		if (strcmp(place->path, "/dev/pts") == 0)
			has_terminals = true;
	}
	assert_true(has_terminals);
	confine_paths_free(&places);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_built_in),
	    cmocka_unit_test(test_order_is_from_the_outside_in),
	    cmocka_unit_test(test_home),
	    cmocka_unit_test(test_strongest_counts),
	    cmocka_unit_test(test_what_is_shared_becomes_its_own),
	    cmocka_unit_test(test_what_is_above),
	    cmocka_unit_test(test_a_host),
	};

	return unit_run(tests);
}
