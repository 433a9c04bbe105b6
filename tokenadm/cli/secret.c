#include "cli/secret.h"

#include <stdbool.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#define INTERRUPT '\003' /* Ctrl-C, which is not a signal then */

/*
 * Switches a terminal's echo, together with the keys that would kill us with
 * the echo off. Does nothing if it is not a terminal.
 */
static void
set_echo(int fd, bool on)
{
	struct termios settings;

	if (tcgetattr(fd, &settings) != 0)
		return;
	if (on)
		settings.c_lflag |= (tcflag_t)(ECHO | ISIG);
	else
		settings.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	(void)tcsetattr(fd, TCSAFLUSH, &settings);
}

enum err
secret_read(char text[], size_t size, struct error *why)
{
	bool asks = isatty(STDIN_FILENO);
	size_t len = 0;
	ssize_t got = 0;

	if (asks) {
		fputs("Token: ", stderr);
		set_echo(STDIN_FILENO, false);
	}
	while (len < size && (got = read(STDIN_FILENO, text + len, 1)) == 1 &&
	    text[len] != '\n' && text[len] != INTERRUPT)
		len++;
	if (len < size && got == 1 && text[len] == INTERRUPT)
		len = 0;
	if (asks) {
		set_echo(STDIN_FILENO, true);
		fputc('\n', stderr);
	}
	if (got < 0)
		return error_set(
		    why, ERR_SYSTEM, "standard input: cannot be read");
	if (len == 0)
		return error_set(why, ERR_INVALID,
		    "standard input: give the token there, on a line");
	text[len < size ? len : size - 1] = '\0';
	return ERR_OK;
}
