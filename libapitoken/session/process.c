#include "session/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/parse.h"
#include "base/retry.h"
#include "base/safe_file.h"

#define STAT_MAX 2048   /* bytes; 52 numbers and a name of up to 64 */
#define STATUS_MAX 4096 /* the uids are near its beginning */
#define PATH_LEN 64
#define TRIES 8

void
process_name(const struct process *process, char name[PROCESS_NAME_LEN + 1])
{
	(void)snprintf(name, PROCESS_NAME_LEN + 1, "%" PRIu64 "-%" PRIu64,
	    process->pid, process->start);
}

/* Takes the decimal number at *text, up to end, and moves past it. */
static bool
take_number(const char **text, const char *end, uint64_t *number)
{
	const char *at = *text;
	uint64_t value = 0;

	for (; at < end && *at >= '0' && *at <= '9'; at++) {
		uint64_t digit = (uint64_t)(*at - '0');

		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = 10 * value + digit;
	}
	if (at == *text)
		return false;
	*text = at;
	*number = value;
	return true;
}

bool
process_parse_name(const char *text, struct process *process)
{
	const char *end = text + strlen(text);
	struct process found;

	if (!take_number(&text, end, &found.pid) || *text++ != '-' ||
	    !take_number(&text, end, &found.start) ||
	    (*text != '\0' && *text != '.') || found.pid == 0 ||
	    found.pid > INT_MAX)
		return false;
	*process = found;
	return true;
}

/* Moves past count fields, each of which ends in a blank. */
static bool
skip_fields(const char **text, const char *end, int count)
{
	for (; count > 0; count--) {
		const char *blank = memchr(*text, ' ', (size_t)(end - *text));

		if (blank == NULL)
			return false;
		*text = blank + 1;
	}
	return true;
}

bool
process_parse_stat(
    const char *text, size_t len, struct process *process, uint64_t *parent)
{
	const char *end = text + len;
	/* The name, in parentheses, may itself have blanks and parentheses. */
	const char *rest = memrchr(text, ')', len);
	struct process found;
	uint64_t above;

	if (rest == NULL || !take_number(&text, end, &found.pid) ||
	    end - text < 2 || text[0] != ' ' || text[1] != '(')
		return false;
	/* `) S PPID`, the fields 3 and 4; the start is field 22. */
	if (!skip_fields(&rest, end, 2) || !take_number(&rest, end, &above) ||
	    !skip_fields(&rest, end, 18) ||
	    !take_number(&rest, end, &found.start) || rest == end ||
	    *rest != ' ')
		return false;
	*process = found;
	*parent = above;
	return true;
}

/* Reads a stat file. ERR_NOT_FOUND: there is no such process. */
static enum err
read_stat(const char *path, struct process *process, uint64_t *parent,
    struct error *why)
{
	char text[STAT_MAX];
	int fd = retry_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	size_t len = 0;
	enum err rc;

	*process = (struct process){0};
	*parent = 0;
	if (fd < 0)
		return error_set(why,
		    errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM,
		    "%s: cannot open: %s", path, strerror(errno));
	rc = safe_read(fd, path, text, sizeof(text), &len, why);
	if (rc != ERR_OK)
		/* A process that ends meanwhile reads as ESRCH. */
		rc = errno == ESRCH ? ERR_NOT_FOUND : rc;
	else if (len > sizeof(text) ||
	    !process_parse_stat(text, len, process, parent))
		rc = error_set(why, ERR_SYSTEM, "%s: not understood", path);
	(void)close(fd);
	return rc;
}

static enum err
read_self(struct process *self, uint64_t *parent, struct error *why)
{
	enum err rc = read_stat("/proc/self/stat", self, parent, why);

	return rc == ERR_NOT_FOUND ? ERR_SYSTEM : rc;
}

enum err
process_read(
    uint64_t pid, struct process *process, uint64_t *parent, struct error *why)
{
	char path[PATH_LEN];

	(void)snprintf(path, sizeof(path), "/proc/%" PRIu64 "/stat", pid);
	return read_stat(path, process, parent, why);
}

int
process_read_file(
    uint64_t pid, const char *name, char *text, size_t size, size_t *len)
{
	char path[PATH_LEN];
	ssize_t got = 1;
	int fd, error;

	if (pid == 0)
		(void)snprintf(path, sizeof(path), "/proc/self/%s", name);
	else
		(void)snprintf(
		    path, sizeof(path), "/proc/%" PRIu64 "/%s", pid, name);
	*len = 0;
	text[0] = '\0';
	fd = retry_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	while (*len < size - 1 &&
	    (got = read(fd, text + *len, size - 1 - *len)) > 0)
		*len += (size_t)got;
	error = got < 0 ? errno : 0;
	(void)close(fd);
	text[*len] = '\0';
	return error;
}

bool
process_read_uids(uint64_t pid, uid_t uids[3])
{
	char text[STATUS_MAX], *line, *rest = NULL;
	size_t len;

	(void)process_read_file(pid, "status", text, sizeof(text), &len);
	line = strstr(text, "\nUid:\t");
	if (line == NULL)
		return false;
	line += strlen("\nUid:\t");
	for (size_t i = 0; i < 3; i++) {
		const char *word = strtok_r(
		    i == 0 ? line : NULL, "\t\n", &rest);
		uint64_t uid;

		if (word == NULL || !parse_number(word, UINT32_MAX, &uid))
			return false;
		uids[i] = (uid_t)uid;
	}
	return true;
}

/*
 * What a thread knows about its process and the parent: it stays valid, since a
 * fork has another pid, and an orphan another parent.
 */
static _Thread_local struct {
	pid_t pid, parent_pid;       /* for which this is valid */
	struct process self, parent; /* with the number 0: not read yet */
	bool is_stranger;            /* the parent runs another program */
} known;

/* Forgets what is no longer valid. */
static void
refresh_known(void)
{
	pid_t pid = getpid(), parent_pid = getppid();

	if (known.pid == pid && known.parent_pid == parent_pid)
		return;
	memset(&known, 0, sizeof(known));
	known.pid = pid;
	known.parent_pid = parent_pid;
}

enum err
process_self(struct process *self, struct error *why)
{
	uint64_t parent;
	enum err rc = ERR_OK;

	refresh_known();
	/* What cannot be read is left empty. */
	if (known.self.pid == 0)
		rc = read_self(&known.self, &parent, why);
	*self = known.self;
	return rc;
}

/* Whether it may run the caller's program; false only if certain. */
static bool
may_be_alike(uint64_t pid)
{
	char path[PATH_LEN];
	struct stat own, other;

	(void)snprintf(path, sizeof(path), "/proc/%" PRIu64 "/exe", pid);
	/* A kernel thread has none. Others may hide theirs. */
	if (stat(path, &other) != 0)
		return errno != ENOENT;
	return stat("/proc/self/exe", &own) != 0 ||
	    (own.st_dev == other.st_dev && own.st_ino == other.st_ino);
}

static enum err
read_parent(struct process *parent, bool alike, struct error *why)
{
	struct process self;
	uint64_t pid, above;
	enum err rc = ERR_SYSTEM;

	/* If the parent ends in between, there is a new one. */
	for (int i = 0; i < TRIES; i++) {
		rc = read_self(&self, &pid, why);
		if (rc != ERR_OK)
			return rc;
		if (pid == 0 || (alike && !may_be_alike(pid)))
			return ERR_NOT_FOUND;
		rc = process_read(pid, parent, &above, why);
		if (rc != ERR_NOT_FOUND)
			return rc;
	}
	return ERR_SYSTEM;
}

/* Keeps the parent that was read, if it is still the parent. */
static void
keep_parent(const struct process *parent)
{
	if (known.parent_pid == getppid())
		known.parent = *parent;
}

enum err
process_parent(struct process *parent, struct error *why)
{
	enum err rc;

	refresh_known();
	if (known.parent.pid != 0) {
		*parent = known.parent;
		return ERR_OK;
	}
	rc = read_parent(parent, false, why);
	if (rc == ERR_OK)
		keep_parent(parent);
	return rc;
}

enum err
process_parent_alike(struct process *parent, struct error *why)
{
	enum err rc;

	refresh_known();
	/* A parent that ran another program is not one that has forked us. */
	if (known.is_stranger)
		return ERR_NOT_FOUND;
	rc = read_parent(parent, true, why);
	if (rc == ERR_OK)
		keep_parent(parent);
	known.is_stranger = rc == ERR_NOT_FOUND &&
	    known.parent_pid == getppid();
	return rc;
}

/*
 * Whether the process has ended and only awaits its parent. Its state does not
 * tell: it is `Z` as well if only the first thread has ended.
 */
static bool
is_zombie(uint64_t pid)
{
	/* glibc has pidfd_open only since 2.36. */
	struct pollfd wait = {
	    .fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0),
	    .events = POLLIN,
	};
	bool ended;

	/* Its parent has just reaped it. */
	if (wait.fd < 0)
		return errno == ESRCH;
	ended = poll(&wait, 1, 0) == 1;
	(void)close(wait.fd);
	return ended;
}

bool
process_is_gone(const struct process *process)
{
	struct process now;
	uint64_t parent;
	enum err rc = process_read(process->pid, &now, &parent, NULL);

	if (rc == ERR_OK)
		return now.start != process->start || is_zombie(process->pid);
	/* A /proc that hides others' processes looks the same. */
	return rc == ERR_NOT_FOUND && kill((pid_t)process->pid, 0) != 0 &&
	    errno == ESRCH;
}

bool
process_is_same(const struct process *one, const struct process *other)
{
	return one->pid == other->pid && one->start == other->start;
}
