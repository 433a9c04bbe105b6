#include "tree.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_OPEN 8

static void
copy_file(const char *from, const char *to, const struct stat *st)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRWXU);
	off_t left = st->st_size;

	if (in < 0 || out < 0 || fchmod(out, st->st_mode) != 0)
		err(EXIT_FAILURE, "%s", to);
	while (left > 0) {
		ssize_t done = copy_file_range(
		    in, NULL, out, NULL, (size_t)left, 0);

		if (done <= 0)
			err(EXIT_FAILURE, "%s: cannot copy", from);
		left -= done;
	}
	(void)close(in);
	(void)close(out);
}

static void
copy_entry(const char *from, const char *to, const char *name)
{
	char source[PATH_MAX], target[PATH_MAX];
	struct stat st;

	(void)snprintf(source, sizeof(source), "%s/%s", from, name);
	(void)snprintf(target, sizeof(target), "%s/%s", to, name);
	if (lstat(source, &st) != 0)
		err(EXIT_FAILURE, "%s", source);
	if (S_ISDIR(st.st_mode))
		tree_copy(source, target);
	else
		copy_file(source, target, &st);
}

void
tree_copy(const char *from, const char *to)
{
	DIR *entries = opendir(from);
	const struct dirent *entry;

	if (entries == NULL)
		err(EXIT_FAILURE, "%s", from);
	if (mkdir(to, S_IRWXU) != 0 && errno != EEXIST)
		err(EXIT_FAILURE, "%s", to);
	while ((entry = readdir(entries)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			copy_entry(from, to, entry->d_name);
	(void)closedir(entries);
}

static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void
tree_remove(const char *path)
{
	if (nftw(path, remove_entry, MOST_OPEN, FTW_PHYS | FTW_DEPTH) != 0 &&
	    errno != ENOENT)
		err(EXIT_FAILURE, "%s", path);
}

static size_t counted;

static int
count_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
	const char *name = path + at->base;

	(void)st;
	/*
	 * What any change may keep besides (fleet_hashes.h), and what a repair
	 * keeps of each file that is damaged to it: also of one of which it
	 * could not read all.
	 */
	counted += type != FTW_D && strcmp(name, "hashes") != 0 &&
	    strstr(name, ".tdb.damaged-") == NULL;
	return 0;
}

size_t
tree_count(const char *path)
{
	counted = 0;
	(void)nftw(path, count_entry, MOST_OPEN, FTW_PHYS);
	return counted;
}
