#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "held.h"
#include "store/create.h"
#include "unit.h"

#define PATIENCE 20000 /* ms; only a test that hangs takes this long */

int
scratch_setup(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	const char *tmp = getenv("TMPDIR");

	if (scratch == NULL)
		return -1;
	(void)snprintf(scratch->directory, sizeof(scratch->directory),
	    "%s/apitoken-unit-XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(scratch->directory) == NULL ||
	    config_parse(&scratch->config, "", 0, "", NULL) != ERR_OK) {
		free(scratch);
		return -1;
	}
	(void)snprintf(scratch->config.directory, CONFIG_PATH_MAX + 1, "%s/lib",
	    scratch->directory);
	(void)snprintf(scratch->config.key, CONFIG_PATH_MAX + 1, "%s/etc/key",
	    scratch->directory);
	memset(&why, 0, sizeof(why));
	*state = scratch;
	return 0;
}

int
scratch_setup_store(void **state)
{
	struct scratch *scratch;
	bool created;

	if (scratch_setup(state) != 0)
		return -1;
	scratch = *state;
	if (create_store(&scratch->config, deadline_in(PATIENCE), &created,
		&why) == ERR_OK)
		return 0;
	print_error("%s\n", why.text);
	(void)scratch_teardown(state);
	return -1;
}

static int
open_directory(
    const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)at;
	if (S_ISDIR(st->st_mode) && (type == FTW_D || type == FTW_DNR))
		(void)chmod(path, S_IRWXU);
	return 0;
}

static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

int
scratch_teardown(void **state)
{
	struct scratch *scratch = *state;
	int failed;

	held_release();
	(void)nftw(scratch->directory, open_directory, 8, FTW_PHYS);
	failed = nftw(
	    scratch->directory, remove_entry, 8, FTW_PHYS | FTW_DEPTH);
	free(scratch);
	return failed;
}

const char *
scratch_path(const struct scratch *scratch, const char *name)
{
	static char paths[16][SCRATCH_PATH];
	static unsigned next;
	char *path = paths[next++ % COUNT_OF(paths)];

	(void)snprintf(path, SCRATCH_PATH, "%s/%s", scratch->directory, name);
	return path;
}

const char *
scratch_database(const struct scratch *scratch)
{
	return scratch_path(scratch, "lib/tokens.tdb");
}

const char *
scratch_key(const struct scratch *scratch)
{
	return scratch_path(scratch, "etc/key");
}

const char *
scratch_lock(const struct scratch *scratch)
{
	return scratch_path(scratch, "lib/lock");
}

void
scratch_write(const char *path, const void *data, size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRWXU);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

uint8_t *
scratch_read(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	uint8_t *bytes;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	*len = (size_t)st.st_size;
	bytes = malloc(*len + 1);
	assert_non_null(bytes);
	assert_int_equal(read(fd, bytes, *len), *len);
	(void)close(fd);
	return bytes;
}

off_t
scratch_size(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

enum err
scratch_open(
    const struct scratch *scratch, struct store **store, enum store_mode mode)
{
	*store = NULL;
	return store_open(
	    store, &scratch->config, mode, deadline_in(PATIENCE), &why);
}

void
sample_record(struct record *record, const char *user, const char *name)
{
	char text[TOKEN_LEN + 1];

	*record = (struct record){
	    .state = RECORD_ACTIVE,
	    .uid = 1000,
	    .local = true,
	    .services = "sshd,vsftpd",
	    .scopes = "read",
	    .expires = NOW + 90 * DAY,
	    .created = {.at = NOW, .by = "root"},
	};
	assert_ok(token_make(text, record->id));
	assert_ok(crypto_random(record->digest, sizeof(record->digest)));
	(void)snprintf(record->user, sizeof(record->user), "%s", user);
	(void)snprintf(record->name, sizeof(record->name), "%s", name);
}

static void
fill(char *text, size_t size, char letter)
{
	memset(text, letter, size - 1);
	text[size - 1] = '\0';
}

static void
fill_event(struct record_event *event, char letter)
{
	event->at = INT64_MAX - letter;
	fill(event->by, sizeof(event->by), letter);
	fill(event->reason, sizeof(event->reason), (char)(letter + 1));
}

void
sample_largest(struct record *record)
{
	sample_record(record, "", "");
	memset(record->digest, 0xff, sizeof(record->digest));
	record->state = RECORD_DEACTIVATED;
	record->uid = UINT32_MAX - 1;
	fill(record->user, sizeof(record->user), 'u');
	fill(record->name, sizeof(record->name), 'n');
	fill(record->description, sizeof(record->description), 'd');
	fill(record->services, sizeof(record->services), 's');
	fill(record->scopes, sizeof(record->scopes), 'c');
	record->from_count = RECORD_NETWORKS_MAX;
	for (size_t i = 0; i < RECORD_NETWORKS_MAX; i++) {
		memset(record->from[i].address, (int)i + 1, 16);
		record->from[i].prefix = 128;
	}
	record->expires = TIME_NEVER;
	fill_event(&record->created, 'A');
	fill_event(&record->ended, 'E');
	fill_event(&record->approved, 'P');
	fill_event(&record->changed, 'C');
	fill(record->predecessor, sizeof(record->predecessor), '1');
	fill(record->successor, sizeof(record->successor), '2');
	record->uncut = TIME_NEVER;
	record->lifetime = RECORD_UNTIL_LOGOUT;
	fill(record->ticket, sizeof(record->ticket), 't');
	record->begun = INT64_MAX;
	fill(record->boot, sizeof(record->boot), 'b');
	record->is_short = record->is_replaced = true;
	record->starts = INT64_MAX - 1;
	record->max_sessions = UINT32_MAX;
	fill(record->preset, sizeof(record->preset), 'p');
	record->logo = PICTURE_WEBP;
	record->logo_mark = UINT64_MAX;
}

enum err
sample_add(const struct scratch *scratch, const struct record *record)
{
	struct store *store;
	enum err rc = scratch_open(scratch, &store, STORE_WRITE);

	if (rc == ERR_OK)
		rc = store_add(store, record, &why);
	if (rc == ERR_OK)
		rc = store_commit(store, &why);
	store_close(store);
	return rc;
}

static bool
same_event(const struct record_event *a, const struct record_event *b)
{
	return a->at == b->at && strcmp(a->by, b->by) == 0 &&
	    strcmp(a->reason, b->reason) == 0;
}

static bool
same_networks(const struct record *a, const struct record *b)
{
	if (a->from_count != b->from_count)
		return false;
	for (size_t i = 0; i < a->from_count; i++) {
		if (a->from[i].prefix != b->from[i].prefix ||
		    memcmp(a->from[i].address, b->from[i].address, 16) != 0)
			return false;
	}
	return true;
}

bool
sample_equal(const struct record *a, const struct record *b)
{
	return strcmp(a->id, b->id) == 0 &&
	    memcmp(a->digest, b->digest, CRYPTO_HASH_LEN) == 0 &&
	    a->state == b->state && strcmp(a->user, b->user) == 0 &&
	    a->uid == b->uid && a->local == b->local &&
	    strcmp(a->name, b->name) == 0 &&
	    strcmp(a->description, b->description) == 0 &&
	    strcmp(a->services, b->services) == 0 &&
	    strcmp(a->scopes, b->scopes) == 0 && same_networks(a, b) &&
	    a->expires == b->expires && same_event(&a->created, &b->created) &&
	    same_event(&a->ended, &b->ended) &&
	    same_event(&a->approved, &b->approved) &&
	    same_event(&a->changed, &b->changed) &&
	    strcmp(a->predecessor, b->predecessor) == 0 &&
	    strcmp(a->successor, b->successor) == 0 && a->uncut == b->uncut &&
	    a->lifetime == b->lifetime && strcmp(a->ticket, b->ticket) == 0 &&
	    a->begun == b->begun && strcmp(a->boot, b->boot) == 0 &&
	    a->is_short == b->is_short && a->is_replaced == b->is_replaced &&
	    a->starts == b->starts && a->max_sessions == b->max_sessions &&
	    strcmp(a->preset, b->preset) == 0 && a->logo == b->logo &&
	    a->logo_mark == b->logo_mark;
}
