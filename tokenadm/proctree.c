#include "proctree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parse.h"

#define PATH_SIZE 64
#define ENVIRONMENT_MAX (1024 * 1024)

/* Reads up to size - 1 bytes of a file of a process, and a NUL behind them. */
static size_t
read_file(uint64_t pid, const char *name, char *text, size_t size)
{
	char path[PATH_SIZE];
	size_t len = 0;
	ssize_t got;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%" PRIu64 "/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		while (len < size - 1 &&
		    (got = read(fd, text + len, size - 1 - len)) > 0)
			len += (size_t)got;
		(void)close(fd);
	}
	text[len] = '\0';
	return len;
}

static bool
read_proc(uint64_t pid, struct proc *proc)
{
	char path[PATH_SIZE], text[24];
	uint64_t login = PROCTREE_NO_LOGIN;
	struct stat st;

	*proc = (struct proc){.login = PROCTREE_NO_LOGIN};
	(void)snprintf(path, sizeof(path), "/proc/%" PRIu64, pid);
	if (process_read(pid, &proc->process, &proc->parent, NULL) != ERR_OK ||
	    stat(path, &st) != 0)
		return false;
	(void)read_file(pid, "sessionid", text, sizeof(text));
	(void)parse_number(text, UINT32_MAX, &login);
	proc->uid = st.st_uid;
	proc->login = (uint32_t)login;
	return true;
}

static enum err
add(struct proctree *tree, const struct proc *proc)
{
	struct proc *grown = tree->procs;

	/* Doubled at every power of two. */
	if ((tree->count & (tree->count - 1)) == 0)
		grown = reallocarray(tree->procs,
		    tree->count == 0 ? 1 : tree->count * 2, sizeof(*grown));
	if (grown == NULL)
		return ERR_NOMEM;
	tree->procs = grown;
	tree->procs[tree->count++] = *proc;
	return ERR_OK;
}

static int
compare(const void *a, const void *b)
{
	uint64_t left = ((const struct proc *)a)->process.pid;
	uint64_t right = ((const struct proc *)b)->process.pid;

	return (left > right) - (left < right);
}

enum err
proctree_read(struct proctree *tree, struct error *why)
{
	DIR *entries = opendir("/proc");
	const struct dirent *entry;
	enum err rc = ERR_OK;

	*tree = (struct proctree){0};
	if (entries == NULL)
		return error_set(
		    why, ERR_SYSTEM, "/proc: cannot open: %s", strerror(errno));
	while (rc == ERR_OK && (entry = readdir(entries)) != NULL) {
		struct proc proc;
		uint64_t pid;

		if (parse_number(entry->d_name, INT32_MAX, &pid) &&
		    read_proc(pid, &proc))
			rc = add(tree, &proc);
	}
	(void)closedir(entries);
	if (tree->count > 1)
		qsort(tree->procs, tree->count, sizeof(*tree->procs), compare);
	return rc == ERR_OK ? rc : error_plain(why, rc);
}

/* The process with that pid; or NULL. */
static struct proc *
find_pid(const struct proctree *tree, uint64_t pid)
{
	struct proc key = {.process = {.pid = pid}};

	return bsearch(
	    &key, tree->procs, tree->count, sizeof(*tree->procs), compare);
}

struct proc *
proctree_find(const struct proctree *tree, const struct process *process)
{
	struct proc *found = find_pid(tree, process->pid);

	return found != NULL && found->process.start == process->start ? found
								       : NULL;
}

/* Whether one descends from root. A moment's picture may have a loop in it. */
static bool
is_below(const struct proctree *tree, const struct proc *one,
    const struct proc *root)
{
	for (size_t i = 0; one != NULL && i < tree->count; i++) {
		if (one->parent == root->process.pid)
			return true;
		one = find_pid(tree, one->parent);
	}
	return false;
}

void
proctree_mark_below(struct proctree *tree, const struct proc *root)
{
	for (size_t i = 0; i < tree->count; i++)
		if (&tree->procs[i] != root &&
		    is_below(tree, &tree->procs[i], root))
			tree->procs[i].marked = true;
}

void
proctree_mark_login(struct proctree *tree, uint32_t login)
{
	for (size_t i = 0; login != PROCTREE_NO_LOGIN && i < tree->count; i++)
		if (tree->procs[i].login == login)
			tree->procs[i].marked = true;
}

/* Whether the strings, one behind the other, have this one. */
static bool
has_string(const char *text, size_t len, const char *wanted)
{
	size_t at = 0;

	while (at < len && strcmp(text + at, wanted) != 0)
		at += strlen(text + at) + 1;
	return at < len;
}

void
proctree_mark_environment(
    struct proctree *tree, uid_t uid, const char *variable)
{
	char *text = malloc(ENVIRONMENT_MAX);

	for (size_t i = 0; text != NULL && i < tree->count; i++) {
		struct proc *one = &tree->procs[i];
		size_t len;

		if (one->uid != uid || one->marked)
			continue;
		len = read_file(
		    one->process.pid, "environ", text, ENVIRONMENT_MAX);
		one->marked = has_string(text, len, variable);
	}
	free(text);
}

void
proctree_free(struct proctree *tree)
{
	free(tree->procs);
	*tree = (struct proctree){0};
}
