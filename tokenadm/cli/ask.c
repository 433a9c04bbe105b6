#include "cli/ask.h"

#include <stdio.h>

#include "cli/terminal.h"

#define ASK_QUESTION_SIZE 4096

static ask_answerer *given;

void
ask_set(ask_answerer *answerer)
{
	given = answerer;
}

bool
ask_is_possible(void)
{
	struct terminal terminal = terminal_get();

	return terminal.has_input && terminal.has_errors;
}

void
ask_lines(const char *what)
{
	if (terminal_get().has_input)
		fprintf(stderr, "%s, one a line; Ctrl-D ends them:\n", what);
}

/* Asks, and reads a line; drops what does not fit. */
static bool
get_answer(const char *question, char *answer, size_t size)
{
	size_t len = 0;
	int c;

	if (given != NULL)
		return given(question, answer, size);
	fputs(question, stderr);
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
	char text[ASK_QUESTION_SIZE], answer[16];

	(void)snprintf(text, sizeof(text), "%s [y/N] ", question);
	return get_answer(text, answer, sizeof(answer)) &&
	    (answer[0] == 'y' || answer[0] == 'Y');
}

bool
ask_line(const char *question, const char *preset, char *answer, size_t size)
{
	char text[ASK_QUESTION_SIZE];
	bool has_preset = preset != NULL && preset[0] != '\0';

	(void)snprintf(text, sizeof(text), "%s%s%s%s: ", question,
	    has_preset ? " [" : "", has_preset ? preset : "",
	    has_preset ? "]" : "");
	if (!get_answer(text, answer, size)) {
		fputc('\n', stderr);
		return false;
	}
	if (answer[0] == '\0' && preset != NULL)
		(void)snprintf(answer, size, "%s", preset);
	return true;
}
