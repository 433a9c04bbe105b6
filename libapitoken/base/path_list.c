#include "base/path_list.h"

#include <string.h>

/* Whether a component is a name: not empty, not `.`, not `..`. */
static bool
is_name(const char *component, size_t len)
{
	return len > 0 && !(len == 1 && component[0] == '.') &&
	    !(len == 2 && component[0] == '.' && component[1] == '.');
}

static bool
is_path(const char *path)
{
	if (path[0] == '~')
		path++;
	do {
		size_t len;

		if (*path++ != '/')
			return false;
		len = strcspn(path, "/");
		if (!is_name(path, len))
			return false;
		path += len;
	} while (*path != '\0');
	return true;
}

bool
path_list_parse(
    const char *text, char list[PATH_LIST_MAX + 1], char bad[PATH_LEN + 1])
{
	list[0] = '\0';
	return text[strspn(text, " \t")] == '\0' ||
	    list_parse(text, is_path, list, PATH_LIST_MAX + 1, bad);
}
