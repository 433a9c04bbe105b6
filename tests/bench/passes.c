/*
 * The least that a sweep could do, and how long it takes:
 *
 *	passes tdb FILE		reads every record of a database, mapped
 *	passes unmapped FILE	likewise, by system calls, as a login does
 *	passes users		reads /etc/passwd and /etc/shadow by libc
 *
 * Prints counts and seconds.
 */
#include <fcntl.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <string.h>
#include <tdb.h>

#include "times.h"

static int
traverse(const char *file, const char *how, int flags)
{
	int64_t start = times_now();
	struct tdb_context *tdb = tdb_open(
	    file, 0, TDB_NOLOCK | flags, O_RDONLY | O_CLOEXEC, 0);
	int count;

	if (tdb == NULL) {
		perror(file);
		return 1;
	}
	count = tdb_traverse_read(tdb, NULL, NULL);
	(void)tdb_close(tdb);
	printf("tdb_traverse_read, %s: %d records, %.2f s\n", how, count,
	    times_since(start, SECOND));
	return count < 0;
}

static int
read_users(void)
{
	int64_t start = times_now();
	FILE *passwd = fopen("/etc/passwd", "re");
	FILE *shadow = fopen("/etc/shadow", "re");
	size_t users = 0, entries = 0;

	if (passwd == NULL || shadow == NULL) {
		perror("/etc/passwd, /etc/shadow");
		return 1;
	}
	while (fgetpwent(passwd) != NULL)
		users++;
	while (fgetspent(shadow) != NULL)
		entries++;
	(void)fclose(passwd);
	(void)fclose(shadow);
	printf("fgetpwent, fgetspent: %zu and %zu entries, %.2f s\n", users,
	    entries, times_since(start, SECOND));
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "tdb") == 0)
		return traverse(argv[2], "mapped", 0);
	if (argc == 3 && strcmp(argv[1], "unmapped") == 0)
		return traverse(argv[2], "unmapped", TDB_NOMMAP);
	if (argc == 2 && strcmp(argv[1], "users") == 0)
		return read_users();
	fprintf(stderr, "usage: passes tdb FILE | unmapped FILE | users\n");
	return 2;
}
