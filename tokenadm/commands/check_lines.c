#include "commands/check_lines.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "cli/text.h"

void
check_print_line(struct json_stream *json, const char *what, const char *line)
{
	if (json != NULL) {
		(void)json_add(json,
		    json_pack(
			"{s:s, s:o}", "state", what, "text", json_text(line)));
		return;
	}
	printf("%s: ", what);
	text_print(stdout, line);
	putchar('\n');
}

void
check_print_findings(
    struct json_stream *json, const char *what, const struct findings *findings)
{
	char more[32];

	for (size_t i = 0; i < findings->kept; i++)
		check_print_line(json, what, findings->lines[i]);
	if (findings->count == findings->kept)
		return;
	(void)snprintf(more, sizeof(more), "and %" PRIu64 " more",
	    findings->count - findings->kept);
	check_print_line(json, what, more);
}

const char *
check_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}
