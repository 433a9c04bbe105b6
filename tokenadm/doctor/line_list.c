#include "doctor/line_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/textfile.h"

bool
line_list_has(const char *path, const char *word, const char *ends)
{
	FILE *file = textfile_open(path);
	char *line = NULL;
	size_t size = 0;
	bool has = false;

	while (!has && file != NULL && getline(&line, &size, file) >= 0) {
		line[strcspn(line, ends)] = '\0';
		has = strcmp(line, word) == 0;
	}
	free(line);
	if (file != NULL)
		(void)fclose(file);
	return has;
}
