#include "base/path_list.h"

#include <string.h>

#define BLANKS " \t"

static void
copy_path(char path[PATH_LEN + 1], const char *from, size_t len)
{
	if (len > PATH_LEN)
		len = PATH_LEN;
	memcpy(path, from, len);
	path[len] = '\0';
}

bool
path_list_next(const char **rest, char path[PATH_LEN + 1])
{
	size_t len = strcspn(*rest, ",");

	if (len == 0)
		return false;
	copy_path(path, *rest, len);
	*rest += len;
	if (**rest == ',')
		(*rest)++;
	return true;
}

bool
path_list_have(const char *list, const char *path)
{
	char one[PATH_LEN + 1];

	while (path_list_next(&list, one)) {
		if (strcmp(one, path) == 0)
			return true;
	}
	return false;
}

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
	size_t used = 0;

	list[0] = '\0';
	text += strspn(text, BLANKS);
	if (*text == '\0')
		return true;
	for (;;) {
		size_t len;

		text += strspn(text, BLANKS);
		len = strcspn(text, ",");
		while (len > 0 && strchr(BLANKS, text[len - 1]) != NULL)
			len--;
		copy_path(bad, text, len);
		if (len > PATH_LEN || !is_path(bad))
			return false;
		bad[0] = '\0';
		if (used + (used > 0) + len > PATH_LIST_MAX)
			return false;
		if (used > 0)
			list[used++] = ',';
		memcpy(list + used, text, len);
		used += len;
		list[used] = '\0';
		text += len + strspn(text + len, BLANKS);
		if (*text++ == '\0')
			return true;
	}
}
