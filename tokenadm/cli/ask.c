#include "cli/ask.h"

#include <stdio.h>
#include <unistd.h>

bool
ask_is_possible(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

void
ask_lines(const char *what)
{
	if (isatty(STDIN_FILENO))
		fprintf(stderr, "%s, one a line; Ctrl-D ends them:\n", what);
}

/* Reads a line, and drops what does not fit. */
static bool
read_line(char *answer, size_t size)
{
	size_t len = 0;
	int c;

	while ((c = getchar()) != EOF && c != '\n') {
		if (len + 1 < size)
			answer[len++] = (char)c;
	}
	answer[len] = '\0';
	return c != EOF || len > 0;
}

bool
ask_yes(const char *question)
{
	char answer[16];

	fprintf(stderr, "%s [y/N] ", question);
	return read_line(answer, sizeof(answer)) &&
	    (answer[0] == 'y' || answer[0] == 'Y');
}

bool
ask_line(const char *question, const char *preset, char *answer, size_t size)
{
	if (preset != NULL && preset[0] != '\0')
		fprintf(stderr, "%s [%s]: ", question, preset);
	else
		fprintf(stderr, "%s: ", question);
	if (!read_line(answer, size)) {
		fputc('\n', stderr);
		return false;
	}
	if (answer[0] == '\0' && preset != NULL)
		(void)snprintf(answer, size, "%s", preset);
	return true;
}
