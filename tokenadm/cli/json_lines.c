#include "cli/json_lines.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"

enum err
json_lines_begin(struct json_lines *lines, bool wanted, struct error *why)
{
	FILE *kept;

	*lines = (struct json_lines){.output = NULL};
	if (!wanted)
		return ERR_OK;
	kept = open_memstream(&lines->text, &lines->size);
	if (kept == NULL)
		return error_plain(why, ERR_NOMEM);
	lines->output = stdout;
	/* glibc: it is a variable, stdio(3). */
	stdout = kept;
	return ERR_OK;
}

/* An array of the lines; NULL without memory. */
static json_t *
array_of(char *text)
{
	json_t *array = json_array();
	char *line;

	while (array != NULL && text != NULL &&
	    (line = strsep(&text, "\n")) != NULL) {
		/* Nothing stands behind the last newline. */
		if (text == NULL && line[0] == '\0')
			break;
		if (json_array_append_new(array, json_text(line)) != 0) {
			json_decref(array);
			array = NULL;
		}
	}
	return array;
}

static enum err
print(char *text)
{
	json_t *object = json_pack("{s:o}", "lines", array_of(text));
	enum err rc = object != NULL ? json_print(object, stdout) : ERR_NOMEM;

	if (object != NULL)
		putchar('\n');
	json_decref(object);
	return rc;
}

enum err
json_lines_end(struct json_lines *lines, enum err rc, struct error *why)
{
	bool is_whole;

	if (lines->output == NULL)
		return rc;
	is_whole = fclose(stdout) == 0;
	stdout = lines->output;
	if (!is_whole ||
	    ((rc == ERR_OK || lines->size > 0) && print(lines->text) != ERR_OK))
		rc = rc == ERR_OK ? error_plain(why, ERR_NOMEM) : rc;
	free(lines->text);
	return rc;
}
