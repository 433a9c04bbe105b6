#include "sessions/proctree.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"

#define ENVIRONMENT_MAX (1024 * 1024)

/* The value of NAME= in a block of strings; or NULL. */
static const char *
find_value(const char *text, size_t len, const char *name)
{
	for (size_t at = 0; at < len; at += strlen(text + at) + 1)
		if (strncmp(text + at, name, strlen(name)) == 0)
			return text + at + strlen(name);
	return NULL;
}

static void
read_token(uint64_t pid, char *buffer, char token[TOKEN_ID_LEN + 1])
{
	const char *value;
	size_t len;

	(void)process_read_file(pid, "environ", buffer, ENVIRONMENT_MAX, &len);
	value = find_value(buffer, len, "APITOKEN_ID=");

	if (value != NULL && strlen(value) == TOKEN_ID_LEN)
		strcpy(token, value);
}

static bool
read_proc(uint64_t pid, char *buffer, struct proc *proc)
{
	uid_t uids[3];

	*proc = (struct proc){.is_marked = false};
	if (process_read(pid, &proc->process, &proc->parent, NULL) != ERR_OK ||
	    !process_read_uids(pid, uids))
		return false;
	proc->uid = uids[0];
	proc->euid = uids[1];
	login_ids_read(pid, &proc->login);
	read_token(pid, buffer, proc->token);
	return true;
}

static enum err
add(struct proctree *tree, const struct proc *proc)
{
	struct proc *grown = tree->procs;

	/* Double at every power of two. */
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

static enum err
read_all(struct proctree *tree, DIR *entries, char *buffer)
{
	const struct dirent *entry;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && (entry = readdir(entries)) != NULL) {
		struct proc proc;
		uint64_t pid;

		if (parse_number(entry->d_name, INT32_MAX, &pid) &&
		    read_proc(pid, buffer, &proc))
			rc = add(tree, &proc);
	}
	return rc;
}

enum err
proctree_read(struct proctree *tree, struct error *why)
{
	DIR *entries = opendir("/proc");
	char *buffer;
	enum err rc = ERR_NOMEM;

	*tree = (struct proctree){0};
	if (entries == NULL)
		return error_set(
		    why, ERR_SYSTEM, "/proc: cannot open: %s", strerror(errno));
	buffer = malloc(ENVIRONMENT_MAX);
	if (buffer != NULL)
		rc = read_all(tree, entries, buffer);
	free(buffer);
	(void)closedir(entries);
	if (tree->count > 1)
		qsort(tree->procs, tree->count, sizeof(*tree->procs), compare);
	return rc == ERR_OK ? rc : error_plain(why, rc);
}

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

struct proc *
proctree_parent(const struct proctree *tree, const struct proc *proc)
{
	return find_pid(tree, proc->parent);
}

void
proctree_free(struct proctree *tree)
{
	free(tree->procs);
	*tree = (struct proctree){0};
}
