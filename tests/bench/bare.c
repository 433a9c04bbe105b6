/*
 * What tokenadm does, done by a bare program with libtdb and nothing else: no
 * lock, no MAC, no check.
 *
 *	bare create FILE		an empty database like the store's
 *	bare replay FILE <LOG		the steps that tdblog.c wrote
 *	bare put FILE KEY		one transaction: KEY with the value of a
 *					token, and the value that KEY's first
 *					letter has is written anew; prints
 *					how many milliseconds it took
 *	bare print FILE			a line of text for each token
 */
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
/* tdb.h needs both. */
#include <signal.h>
#include <sys/types.h>

#include <tdb.h>

#include "tdb/db.h"
#include "tdblog.h"
#include "times.h"

#define TOKEN_SIZE 240 /* of a record with a name of 20 letters */
#define INDEX_SIZE 260 /* of 16 ids */
/* An id, in a line as `tokenadm list --json` has it. */
#define LINE                                                                   \
	"{\"id\": \"%.10s\", \"user\": \"u000000\", \"uid\": 100000, "         \
	"\"name\": \"n0000000000000000000\", \"description\": null, "          \
	"\"services\": [\"big\", \"small\"], "                                 \
	"\"scopes\": [\"read\", \"write\"], \"from\": [], "                    \
	"\"state\": \"active\", \"reason\": null, "                            \
	"\"created\": \"2026-01-01T00:00:00Z\", \"created_by\": \"root\", "    \
	"\"expires\": \"2026-04-01T00:00:00Z\", \"last_used\": null, "         \
	"\"last_used_from\": null, \"last_used_service\": null, "              \
	"\"use_count\": 0}\n"

static struct tdb_context *
open_file(const char *path, int flags)
{
	struct tdb_context *tdb = tdb_open(path, DB_BUCKETS,
	    TDB_NOLOCK | TDB_NOMMAP | TDB_INCOMPATIBLE_HASH, flags | O_CLOEXEC,
	    S_IRUSR | S_IWUSR);

	if (tdb == NULL)
		err(1, "%s", path);
	return tdb;
}

static void
require(int result, const char *what)
{
	if (result != 0)
		errx(1, "%s failed", what);
}

/* Reads len bytes into a buffer that grows. */
static TDB_DATA
read_bytes(TDB_DATA *buffer, size_t len)
{
	if (len > buffer->dsize) {
		uint8_t *longer = realloc(buffer->dptr, len);

		if (longer == NULL)
			err(1, "memory");
		buffer->dptr = longer;
		buffer->dsize = len;
	}
	if (len > 0 && fread(buffer->dptr, 1, len, stdin) != len)
		errx(1, "the log is cut");
	return (TDB_DATA){.dptr = buffer->dptr, .dsize = len};
}

static void
replay(struct tdb_context *tdb)
{
	TDB_DATA keys = {0}, values = {0};
	struct step step;

	while (fread(&step, sizeof(step), 1, stdin) == 1) {
		TDB_DATA key = read_bytes(&keys, step.key_len);
		TDB_DATA value = read_bytes(&values, step.value_len);

		if (step.what == STEP_BEGIN)
			require(tdb_transaction_start(tdb), "start");
		else if (step.what == STEP_STORE)
			require(tdb_store(tdb, key, value, step.flag), "store");
		else if (step.what == STEP_DELETE)
			(void)tdb_delete(tdb, key);
		else
			require(tdb_transaction_commit(tdb), "commit");
	}
	free(keys.dptr);
	free(values.dptr);
}

static void
put(struct tdb_context *tdb, char *key)
{
	unsigned char token[TOKEN_SIZE], ids[INDEX_SIZE];
	TDB_DATA token_key = {.dptr = (void *)key, .dsize = strlen(key)};
	TDB_DATA index_key = {.dptr = (void *)key, .dsize = 1};
	TDB_DATA old;

	int64_t start = times_now();

	memset(token, key[token_key.dsize - 1], sizeof(token));
	memset(ids, key[token_key.dsize - 1], sizeof(ids));
	require(tdb_transaction_start(tdb), "start");
	old = tdb_fetch(tdb, index_key);
	free(old.dptr);
	require(
	    tdb_store(tdb, token_key,
		(TDB_DATA){.dptr = token, .dsize = sizeof(token)}, TDB_INSERT),
	    "store");
	require(tdb_store(tdb, index_key,
		    (TDB_DATA){.dptr = ids, .dsize = sizeof(ids)}, TDB_REPLACE),
	    "store");
	require(tdb_transaction_commit(tdb), "commit");
	printf("%.3f\n", times_since(start, MILLISECOND));
}

static int
print_token(struct tdb_context *tdb, TDB_DATA key, TDB_DATA value, void *arg)
{
	(void)tdb;
	(void)value;
	(void)arg;
	if (key.dsize > 1 && key.dptr[0] == 't')
		printf(LINE, (const char *)key.dptr + 1);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";
	struct tdb_context *tdb;

	if (strcmp(verb, "create") == 0) {
		tdb = open_file(argv[2], O_RDWR | O_CREAT | O_EXCL);
	} else if (strcmp(verb, "replay") == 0) {
		tdb = open_file(argv[2], O_RDWR);
		replay(tdb);
	} else if (strcmp(verb, "put") == 0 && argc == 4) {
		tdb = open_file(argv[2], O_RDWR);
		put(tdb, argv[3]);
	} else if (strcmp(verb, "print") == 0) {
		tdb = open_file(argv[2], O_RDONLY);
		(void)tdb_traverse_read(tdb, print_token, NULL);
	} else {
		errx(2, "usage: bare create | replay | put | print FILE");
	}
	(void)tdb_close(tdb);
	return 0;
}
