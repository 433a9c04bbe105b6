#include "session/login_ids.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "session/process.h"

#define NUMBER_SIZE 24
#define GROUPS_SIZE 8192 /* a line for each hierarchy */
#define NAME "/session-"
#define SUFFIX ".scope"

/* Reads a whole file of the process and adds a NUL; "" if there is none. */
static bool
read_file(uint64_t pid, const char *name, char *text, size_t size)
{
	size_t len = 0;
	int error = process_read_file(pid, name, text, size, &len);

	return error == ENOENT || (error == 0 && len < size - 1);
}

const char *
login_ids_find_scope(const char *text, size_t *len)
{
	const char *path, *name = text;

	while ((name = strstr(name, NAME)) != NULL) {
		const char *end = name + strlen(NAME);

		while (isalnum((unsigned char)*end))
			end++;
		if (end > name + strlen(NAME) &&
		    strncmp(end, SUFFIX, strlen(SUFFIX)) == 0) {
			path = name;
			/* `0::/user.slice/...`: from the last colon on. */
			while (
			    path > text && path[-1] != ':' && path[-1] != '\n')
				path--;
			*len = (size_t)(end + strlen(SUFFIX) - path);
			return path;
		}
		name = end;
	}
	return NULL;
}

static bool
read_audit(uint64_t pid, uint32_t *audit)
{
	char text[NUMBER_SIZE];
	uint64_t number = LOGIN_IDS_NO_AUDIT;

	if (!read_file(pid, "sessionid", text, sizeof(text)))
		return false;
	if (text[0] != '\0' && !parse_number(text, UINT32_MAX, &number))
		return false;
	*audit = (uint32_t)number;
	return true;
}

static bool
read_scope(uint64_t pid, char scope[LOGIN_IDS_SCOPE_MAX + 1])
{
	char text[GROUPS_SIZE];
	const char *found;
	size_t len = 0;

	if (!read_file(pid, "cgroup", text, sizeof(text)))
		return false;
	found = login_ids_find_scope(text, &len);
	if (len > LOGIN_IDS_SCOPE_MAX)
		return false;
	if (found != NULL)
		memcpy(scope, found, len);
	scope[len] = '\0';
	return true;
}

void
login_ids_read(uint64_t pid, struct login_ids *ids)
{
	*ids = (struct login_ids){.audit = LOGIN_IDS_NO_AUDIT};
	ids->is_known = read_audit(pid, &ids->audit) &&
	    read_scope(pid, ids->scope);
}

bool
login_ids_audit_is_new(
    const struct login_ids *before, const struct login_ids *now)
{
	return before->is_known && now->is_known &&
	    now->audit != LOGIN_IDS_NO_AUDIT && now->audit != before->audit;
}

/* What follows the last slash. */
static const char *
name_of(const char *scope)
{
	const char *slash = strrchr(scope, '/');

	return slash != NULL ? slash : scope;
}

bool
login_ids_scope_is_new(
    const struct login_ids *before, const struct login_ids *now)
{
	return before->is_known && now->is_known && now->scope[0] != '\0' &&
	    strcmp(name_of(now->scope), name_of(before->scope)) != 0;
}
