#include "troubles.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/lock.h"
#include "tdb/db.h"

static struct lock held = {-1};

static void
bad_option(struct host *host)
{
	host_write_stack(host, "bogus");
}

static void
bad_need(struct host *host)
{
	host_write_stack(host, "need=");
}

static void
option_twice(struct host *host)
{
	host_write_stack(host, "need=read need=write");
}

static void
bad_confine(struct host *host)
{
	host_write_stack(host, "confine=chil");
}

static void
confine_twice(struct host *host)
{
	host_write_stack(host, "confine=child confine=child");
}

static void
bad_config(struct host *host)
{
	host_write_config(host, "[policy]\nbogus = 1\n");
}

static void
no_config(struct host *host)
{
	assert_int_equal(
	    unlink(scratch_path(host->scratch, "apitoken.conf")), 0);
}

static void
unsafe_config(struct host *host)
{
	assert_int_equal(
	    chmod(scratch_path(host->scratch, "apitoken.conf"), 0622), 0);
}

static void
no_database(struct host *host)
{
	assert_int_equal(unlink(scratch_database(host->scratch)), 0);
}

static void
no_lock(struct host *host)
{
	assert_int_equal(unlink(scratch_lock(host->scratch)), 0);
}

static void
no_key(struct host *host)
{
	assert_int_equal(unlink(scratch_key(host->scratch)), 0);
}

static void
short_key(struct host *host)
{
	assert_int_equal(truncate(scratch_key(host->scratch), 31), 0);
}

static void
long_key(struct host *host)
{
	assert_int_equal(truncate(scratch_key(host->scratch), 33), 0);
}

static void
other_key(struct host *host)
{
	char key[CRYPTO_KEY_LEN] = {1, 2, 3};

	scratch_write(scratch_key(host->scratch), key, sizeof(key), 0600);
}

static void
readable_key(struct host *host)
{
	assert_int_equal(chmod(scratch_key(host->scratch), 0640), 0);
}

static void
readable_database(struct host *host)
{
	assert_int_equal(chmod(scratch_database(host->scratch), 0604), 0);
}

static void
writable_directory(struct host *host)
{
	assert_int_equal(chmod(host->scratch->config.directory, 0770), 0);
}

static void
linked_key(struct host *host)
{
	const char *moved = scratch_path(host->scratch, "moved");

	assert_int_equal(rename(scratch_key(host->scratch), moved), 0);
	assert_int_equal(symlink(moved, scratch_key(host->scratch)), 0);
}

static void
linked_database(struct host *host)
{
	const char *moved = scratch_path(host->scratch, "moved");

	assert_int_equal(rename(scratch_database(host->scratch), moved), 0);
	assert_int_equal(symlink(moved, scratch_database(host->scratch)), 0);
}

static void
damaged_head(struct host *host)
{
	int fd = open(scratch_database(host->scratch), O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "X", 1, 3), 1);
	assert_int_equal(close(fd), 0);
}

static void
cut_database(struct host *host)
{
	assert_int_equal(truncate(scratch_database(host->scratch), 4096), 0);
}

/* Overwrites the record of the token with itself, one bit flipped. */
static enum err
flip_bit(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	uint8_t bytes[RECORD_BYTES_MAX];

	(void)key;
	(void)key_len;
	assert_true(len <= sizeof(bytes));
	memcpy(bytes, value, len);
	bytes[len / 2] ^= 0x10;
	*(size_t *)arg = len;
	memcpy((uint8_t *)arg + sizeof(size_t), bytes, len);
	return ERR_OK;
}

static void
damaged_record(struct host *host)
{
	struct {
		size_t len;
		uint8_t bytes[RECORD_BYTES_MAX];
	} flipped;
	char key[TOKEN_ID_LEN + 2] = {(char)CRYPTO_NAME_TOKEN};
	struct db *db;

	assert_true(token_parse(host->token, key + 1));
	assert_ok(
	    db_open(&db, scratch_database(host->scratch), DB_WRITE, &why));
	assert_ok(db_get(db, key, TOKEN_ID_LEN + 1, flip_bit, &flipped, &why));
	assert_ok(db_begin(db, &why));
	assert_ok(db_put(
	    db, key, TOKEN_ID_LEN + 1, flipped.bytes, flipped.len, &why));
	assert_ok(db_commit(db, &why));
	db_close(db);
}

/* As held by another process: locks of open file descriptions are. */
static void
locked_store(struct host *host)
{
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	held.fd = open(scratch_lock(host->scratch), O_RDWR | O_CLOEXEC);
	assert_true(held.fd >= 0);
	assert_int_equal(fcntl(held.fd, F_OFD_SETLK, &all), 0);
}

const struct trouble TROUBLES[TROUBLE_COUNT] = {
    {"an unknown option", bad_option, true},
    {"an empty need=", bad_need, true},
    {"an option twice", option_twice, true},
    {"a confine= of no meaning", bad_confine, true},
    {"confine= twice", confine_twice, true},
    {"an unknown key in the config", bad_config, false},
    {"a config= that is missing", no_config, false},
    {"a config that others can write", unsafe_config, false},
    {"no database", no_database, false},
    {"no lock file", no_lock, false},
    {"no key", no_key, false},
    {"a key too short", short_key, false},
    {"a key too long", long_key, false},
    {"another key", other_key, false},
    {"a key that others can read", readable_key, false},
    {"a database that others can read", readable_database, false},
    {"a directory that others can write", writable_directory, false},
    {"a symbolic link to the key", linked_key, false},
    {"a symbolic link to the database", linked_database, false},
    {"a damaged head", damaged_head, false},
    {"a database that was cut", cut_database, false},
    {"a damaged record", damaged_record, false},
    {"a lock that is held", locked_store, false},
};

void
trouble_relieve(void)
{
	if (held.fd >= 0)
		(void)close(held.fd);
	held.fd = -1;
}
