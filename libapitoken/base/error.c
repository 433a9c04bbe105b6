#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
error_name(enum err code)
{
	switch (code) {
	case ERR_OK:
		return "no error";
	case ERR_INTERNAL:
		return "internal error";
	case ERR_NOMEM:
		return "out of memory";
	case ERR_RANDOM:
		return "no random numbers from the system";
	case ERR_SYSTEM:
		return "system error";
	case ERR_DENIED:
		return "no right to open a file";
	case ERR_INVALID:
		return "invalid value";
	case ERR_USAGE:
		return "wrong usage";
	case ERR_CONFIG:
		return "configuration error";
	case ERR_MISSING:
		return "missing file";
	case ERR_UNSAFE:
		return "unsafe file";
	case ERR_BUSY:
		return "the store is busy";
	case ERR_DAMAGED:
		return "the store is damaged";
	case ERR_KEY:
		return "the key does not fit the database";
	case ERR_NEWER:
		return "written by a newer version";
	case ERR_NOT_FOUND:
		return "no such token";
	case ERR_EXISTS:
		return "exists already";
	case ERR_POLICY:
		return "not allowed by the policy";
	case ERR_REFUSED:
		return "refused";
	}
	return "unknown error";
}

/* Cuts a text in its middle, where the over-long value is. */
static void
shorten(char text[ERROR_TEXT_MAX], const char *all, size_t len)
{
	size_t half = ERROR_TEXT_MAX / 2;

	memcpy(text, all, half);
	memcpy(text + half, "...", 3);
	strcpy(text + half + 3, all + len - (ERROR_TEXT_MAX - half - 4));
}

enum err
error_set(struct error *why, enum err code, const char *format, ...)
{
	int saved = errno;
	char *all = NULL;
	va_list args;

	if (why == NULL)
		return code;
	va_start(args, format);
	(void)vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	if (strlen(why->text) == sizeof(why->text) - 1) {
		int len;

		errno = saved; /* for %m */
		va_start(args, format);
		len = vasprintf(&all, format, args);
		va_end(args);
		/* If out of memory, it is cut at its end. */
		if (len >= ERROR_TEXT_MAX)
			shorten(why->text, all, (size_t)len);
		if (len >= 0)
			free(all);
	}
	errno = saved;
	return code;
}

enum err
error_shown(struct error *why)
{
	why->text[0] = '\0';
	return ERR_REFUSED;
}

enum err
error_plain(struct error *why, enum err code)
{
	return error_set(why, code, "%s", error_name(code));
}
