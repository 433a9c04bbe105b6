/*
 * Preloaded: writes what a program stores by libtdb, in order, to the file in
 * TDBLOG, for `bare replay` to do the same.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
/* tdb.h needs both. */
#include <signal.h>
#include <sys/types.h>
/* This file defines what the header declares for others. */
#pragma GCC visibility push(default)
#include <tdb.h>
#pragma GCC visibility pop

#include "tdblog.h"

/* The POSIX way to turn an object pointer into a function pointer. */
#define NEXT(function)                                                         \
	((__typeof__(&(function)))(__UINTPTR_TYPE__)dlsym(RTLD_NEXT, #function))

static FILE *file;

static void
note(int what, TDB_DATA key, TDB_DATA value, int flag)
{
	struct step step = {
	    .what = what,
	    .flag = flag,
	    .key_len = (uint32_t)key.dsize,
	    .value_len = (uint32_t)value.dsize,
	};

	if (file == NULL)
		file = fopen(getenv("TDBLOG"), "we");
	if (file == NULL)
		abort();
	(void)fwrite(&step, sizeof(step), 1, file);
	(void)fwrite(key.dptr, 1, key.dsize, file);
	(void)fwrite(value.dptr, 1, value.dsize, file);
}

int
tdb_transaction_start(struct tdb_context *tdb)
{
	note(STEP_BEGIN, tdb_null, tdb_null, 0);
	return NEXT(tdb_transaction_start)(tdb);
}

int
tdb_transaction_commit(struct tdb_context *tdb)
{
	note(STEP_COMMIT, tdb_null, tdb_null, 0);
	return NEXT(tdb_transaction_commit)(tdb);
}

int
tdb_store(struct tdb_context *tdb, TDB_DATA key, TDB_DATA value, int flag)
{
	note(STEP_STORE, key, value, flag);
	return NEXT(tdb_store)(tdb, key, value, flag);
}

int
tdb_delete(struct tdb_context *tdb, TDB_DATA key)
{
	note(STEP_DELETE, key, tdb_null, 0);
	return NEXT(tdb_delete)(tdb, key);
}
