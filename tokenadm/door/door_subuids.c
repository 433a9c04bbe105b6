#include "door/door_subuids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "cli/textfile.h"

#define FILE_NAME "/etc/subuid"

/* Reads a line, USER:FIRST:COUNT; the user may be a uid. */
static bool
read_line(char *line, struct door_subuids *range)
{
	const char *user = strsep(&line, ":");
	const char *first = strsep(&line, ":");
	const char *count = strsep(&line, "\n");

	if (first == NULL || count == NULL || user[0] == '\0' ||
	    strlen(user) > RECORD_USER_MAX ||
	    !parse_number(first, UINT32_MAX, &range->first) ||
	    !parse_number(count, UINT32_MAX, &range->count))
		return false;
	strcpy(range->user, user);
	return true;
}

enum err
door_subuids_read(struct door_subuids **ranges)
{
	FILE *file = textfile_open(FILE_NAME);
	char *line = NULL;
	size_t size = 0;
	enum err rc = ERR_OK;

	*ranges = NULL;
	while (
	    rc == ERR_OK && file != NULL && getline(&line, &size, file) >= 0) {
		struct door_subuids range = {.next = *ranges};
		struct door_subuids *fresh;

		if (!read_line(line, &range))
			continue;
		fresh = malloc(sizeof(*fresh));
		if (fresh == NULL) {
			rc = ERR_NOMEM;
			continue;
		}
		*fresh = range;
		*ranges = fresh;
	}
	free(line);
	if (file != NULL)
		(void)fclose(file);
	return rc;
}

void
door_subuids_set_owner(struct door_subuids *ranges, const char *user, uid_t uid)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%lu", (unsigned long)uid);
	for (; ranges != NULL; ranges = ranges->next) {
		if (strcmp(ranges->user, user) != 0 &&
		    strcmp(ranges->user, number) != 0)
			continue;
		ranges->has_owner = true;
		ranges->owner = uid;
	}
}

bool
door_subuids_find(const struct door_subuids *ranges, uid_t uid, uid_t *owner)
{
	for (; ranges != NULL; ranges = ranges->next) {
		if (!ranges->has_owner || uid < ranges->first ||
		    uid - ranges->first >= ranges->count)
			continue;
		*owner = ranges->owner;
		return true;
	}
	return false;
}

void
door_subuids_free(struct door_subuids **ranges)
{
	while (*ranges != NULL) {
		struct door_subuids *next = (*ranges)->next;

		free(*ranges);
		*ranges = next;
	}
}
