#include "calls.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "peek.h"

#define HERE ((uint64_t)(int64_t)AT_FDCWD)

void
calls_start(struct calls *calls)
{
	struct stat st;

	if (stat(calls->root, &st) != 0)
		err(2, "%s", calls->root);
	calls->device = st.st_dev;
}

static bool
is_ours(const struct calls *calls, const char *path)
{
	size_t len = strlen(calls->root);

	return strncmp(path, calls->root, len) == 0 && path[len] == '/';
}

/* The file at a path; IMAGE_NOWHERE: none of ours. */
static size_t
file_at(const struct calls *calls, const char *path, struct stat *st)
{
	if (lstat(path, st) != 0 || st->st_dev != calls->device)
		return IMAGE_NOWHERE;
	return trace_find(calls->trace, st->st_ino);
}

/* The file of a descriptor, and its offset. */
static size_t
file_of(const struct calls *calls, uint64_t fd, struct stat *st)
{
	char path[64];

	(void)snprintf(
	    path, sizeof(path), "/proc/%d/fd/%d", (int)calls->pid, (int)fd);
	if (stat(path, st) != 0 || st->st_dev != calls->device)
		return IMAGE_NOWHERE;
	return trace_find(calls->trace, st->st_ino);
}

static void
add(struct calls *calls, const struct op *op, ino_t inode)
{
	trace_add(calls->trace, *op, inode);
	calls->changes += op->kind != OP_ACK;
}

/*
 * The last component of a path, and the directory that it is in; false: not
 * ours.
 */
static bool
split(const struct calls *calls, const char *path, size_t *in, char *text)
{
	char directory[PATH_MAX];
	const char *slash = strrchr(path, '/');
	struct stat st;

	if (!is_ours(calls, path))
		return false;
	(void)snprintf(
	    directory, sizeof(directory), "%.*s", (int)(slash - path), path);
	*in = file_at(calls, directory, &st);
	if (*in == IMAGE_NOWHERE ||
	    snprintf(text, IMAGE_NAME_SIZE, "%s", slash + 1) >= IMAGE_NAME_SIZE)
		errx(2, "%s: not followed", path);
	return true;
}

static void
created(struct calls *calls, const char *path)
{
	struct op op = {.kind = OP_CREATE};
	struct stat st;

	if (!split(calls, path, &op.in, op.text))
		return;
	if (lstat(path, &st) != 0)
		err(2, "%s", path);
	op.is_directory = S_ISDIR(st.st_mode);
	op.mode = st.st_mode & 07777;
	add(calls, &op, st.st_ino);
}

static void
created_nameless(struct calls *calls, const char *path, uint64_t fd)
{
	struct op op = {.kind = OP_CREATE, .in = IMAGE_NOWHERE};
	struct stat st;

	(void)file_of(calls, fd, &st);
	op.mode = st.st_mode & 07777;
	if (is_ours(calls, path) || strcmp(path, calls->root) == 0)
		add(calls, &op, st.st_ino);
}

static void
opened(struct calls *calls, int64_t fd)
{
	const struct call *call = &calls->call;
	int flags = (int)call->args[2];
	struct op op = {.kind = OP_RESIZE};
	struct stat st;
	char path[PATH_MAX];

	peek_path(calls->pid, call->args[0], call->args[1], path);
	if ((flags & O_DSYNC) != 0 && is_ours(calls, path))
		errx(2, "%s: O_SYNC is not known here", path);
	if ((flags & O_TMPFILE) == O_TMPFILE)
		created_nameless(calls, path, (uint64_t)fd);
	else if ((flags & O_CREAT) != 0 && !call->existed)
		created(calls, path);
	else if ((flags & O_TRUNC) != 0 && is_ours(calls, path)) {
		op.file = file_of(calls, (uint64_t)fd, &st);
		add(calls, &op, 0);
	}
}

static void
named(struct calls *calls, enum op_kind kind)
{
	const struct call *call = &calls->call;
	struct op op = {.kind = kind};
	char path[PATH_MAX], to[PATH_MAX];
	struct stat st;

	peek_path(calls->pid, call->args[0], call->args[1], path);
	if (kind == OP_UNLINK) {
		if (split(calls, path, &op.in, op.text))
			add(calls, &op, 0);
		return;
	}
	peek_path(calls->pid, call->args[2], call->args[3], to);
	if (!is_ours(calls, to))
		return;
	op.file = file_at(calls, to, &st);
	if (op.file == IMAGE_NOWHERE)
		errx(2, "%s: not followed", to);
	if (kind == OP_LINK)
		(void)split(calls, to, &op.in, op.text);
	else if (!split(calls, path, &op.in, op.text) ||
	    !split(calls, to, &op.to_in, op.to_text))
		errx(2, "%s: not followed", path);
	add(calls, &op, 0);
}

/*
 * len bytes at an address were written to a descriptor, at this offset or its
 * own.
 */
static void
wrote(struct calls *calls, int64_t len, bool has_place)
{
	const struct call *call = &calls->call;
	struct op op = {.kind = OP_WRITE, .len = (size_t)len};
	bool is_said = call->args[0] == STDOUT_FILENO;
	struct stat st;

	op.file = file_of(calls, call->args[0], &st);
	if (len <= 0 || (op.file == IMAGE_NOWHERE && !is_said))
		return;
	if (is_said && op.file == IMAGE_NOWHERE)
		op.kind = OP_ACK;
	else
		op.at = has_place
		    ? (size_t)call->args[3]
		    : peek_position(calls->pid, call->args[0]) - op.len;
	op.bytes = malloc(op.len);
	if (op.bytes == NULL ||
	    peek_bytes(calls->pid, call->args[1], op.bytes, op.len) != op.len)
		err(2, "memory of %d", (int)calls->pid);
	add(calls, &op, 0);
}

/* On a descriptor: a change without bytes, or a sync. */
static void
touched(struct calls *calls, enum op_kind kind)
{
	const struct call *call = &calls->call;
	struct op op = {.kind = kind};
	struct stat st;

	op.file = file_of(calls, call->args[0], &st);
	if (op.file == IMAGE_NOWHERE)
		return;
	op.mode = st.st_mode & 07777;
	op.len = (size_t)st.st_size;
	add(calls, &op, 0);
}

/* Replaces the random numbers that it got. */
static void
deal(const struct calls *calls, uint64_t *random, size_t len)
{
	uint8_t bytes[256];
	uint64_t at = calls->call.args[0];

	for (size_t i = 0; i < len; i++) {
		uint64_t mixed = *random += UINT64_C(0x9e3779b97f4a7c15);

		mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		bytes[i % sizeof(bytes)] = (uint8_t)(mixed >> 32);
		if (i % sizeof(bytes) == sizeof(bytes) - 1 || i == len - 1)
			peek_overwrite(calls->pid, at + i - i % sizeof(bytes),
			    bytes, i % sizeof(bytes) + 1);
	}
}

/* Old calls without a directory argument: the same as those with one. */
static void
modernise(struct call *call)
{
	uint64_t *args = call->args;

	switch (call->number) {
#ifdef SYS_open
	case SYS_open:
		*call = (struct call){SYS_openat, {HERE, args[0], args[1]}};
		break;
	case SYS_creat:
		*call = (struct call){
		    SYS_openat, {HERE, args[0], O_CREAT | O_TRUNC | O_WRONLY}};
		break;
	case SYS_mkdir:
		*call = (struct call){SYS_mkdirat, {HERE, args[0]}};
		break;
	case SYS_rmdir:
	case SYS_unlink:
		*call = (struct call){SYS_unlinkat, {HERE, args[0]}};
		break;
	case SYS_link:
		*call = (struct call){
		    SYS_linkat, {HERE, args[0], HERE, args[1]}};
		break;
	case SYS_rename:
		*call = (struct call){
		    SYS_renameat2, {HERE, args[0], HERE, args[1]}};
		break;
	case SYS_renameat:
		call->number = SYS_renameat2;
		break;
#endif
	default:
		break;
	}
}

void
calls_enter(struct calls *calls, uint64_t number, const uint64_t args[6])
{
	struct call *call = &calls->call;
	char path[PATH_MAX];

	call->number = number;
	memcpy(call->args, args, sizeof(call->args));
	modernise(call);
	if (calls->trace == NULL || call->number != SYS_openat)
		return;
	peek_path(calls->pid, call->args[0], call->args[1], path);
	call->existed = access(path, F_OK) == 0;
}

static void
record(struct calls *calls, int64_t result)
{
	char path[PATH_MAX];

	switch (calls->call.number) {
	case SYS_openat:
		opened(calls, result);
		break;
	case SYS_mkdirat:
		peek_path(
		    calls->pid, calls->call.args[0], calls->call.args[1], path);
		created(calls, path);
		break;
	case SYS_linkat:
		named(calls, OP_LINK);
		break;
	case SYS_unlinkat:
		named(calls, OP_UNLINK);
		break;
	case SYS_renameat2:
		named(calls, OP_RENAME);
		break;
	case SYS_write:
		wrote(calls, result, false);
		break;
	case SYS_pwrite64:
		wrote(calls, result, true);
		break;
	case SYS_ftruncate:
	case SYS_fallocate:
		touched(calls, OP_RESIZE);
		break;
	case SYS_fchmod:
		touched(calls, OP_MODE);
		break;
	case SYS_fsync:
	case SYS_fdatasync:
		touched(calls, OP_SYNC);
		break;
	default:
		break;
	}
}

void
calls_leave(struct calls *calls, int64_t result)
{
	if (result < 0)
		return;
	if (calls->call.number == SYS_getrandom)
		deal(calls, &calls->random, (size_t)result);
	else if (calls->trace != NULL)
		record(calls, result);
}
