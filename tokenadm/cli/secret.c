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

/* Reads a line; *got is what read(2) said last. */
static size_t
read_line(char *text, size_t size, ssize_t *got)
{
	size_t len = 0;

	*got = 0;
	while (len < size && (*got = read(STDIN_FILENO, text + len, 1)) == 1 &&
	    text[len] != '\n' && text[len] != INTERRUPT)
		len++;
	if (len < size && *got == 1 && text[len] == INTERRUPT) {
		*got = 0;
		len = 0;
	}
	text[len < size ? len : size - 1] = '\0';
	return len;
}

/* The same, at a terminal or not. */
static size_t
ask(const char *question, bool is_hidden, char *text, size_t size, ssize_t *got)
{
	bool hides = is_hidden && isatty(STDIN_FILENO);
	size_t len;

	/* First: who sees the question may type at once. */
	if (hides)
		set_echo(STDIN_FILENO, false);
	if (isatty(STDIN_FILENO))
		fputs(question, stderr);
	len = read_line(text, size, got);
	if (hides) {
		set_echo(STDIN_FILENO, true);
		fputc('\n', stderr);
	}
	return len;
}

bool
secret_ask(const char *question, bool is_hidden, char *text, size_t size)
{
	ssize_t got;
	size_t len = ask(question, is_hidden, text, size, &got);

	return len > 0 || got == 1;
}

enum err
secret_read(char text[], size_t size, struct error *why)
{
	ssize_t got;
	size_t len = ask("Token: ", true, text, size, &got);

	if (got < 0)
		return error_set(
		    why, ERR_SYSTEM, "standard input: cannot be read");
	if (len == 0)
		return error_about(why, "stdin", NULL,
		    error_set(why, ERR_INVALID,
			"standard input: give the token there, on a line"));
	return ERR_OK;
}
