#include "cli/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define USUAL_WIDTH 80

static struct terminal given;
static bool is_given;

/* no-color.org: set and not empty. */
static bool
wants_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return no == NULL || no[0] == '\0';
}

struct terminal
terminal_get(void)
{
	struct terminal terminal = {.width = USUAL_WIDTH};
	struct winsize size;

	if (is_given)
		return given;
	terminal.has_input = isatty(STDIN_FILENO) != 0;
	terminal.has_output = isatty(STDOUT_FILENO) != 0;
	terminal.has_errors = isatty(STDERR_FILENO) != 0;
	terminal.has_colours = terminal.has_output && wants_colours();
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		terminal.width = size.ws_col;
	return terminal;
}

void
terminal_set(const struct terminal *terminal)
{
	given = *terminal;
	is_given = true;
}
