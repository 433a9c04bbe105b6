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
	case ERR_UNCONFIRMED:
		return "not confirmed yet";
	case ERR_REFUSED:
		return "refused";
	}
	return "unknown error";
}

const char *
error_word(enum err code)
{
	static const char *const WORDS[] = {
	    [ERR_OK] = "ok",
	    [ERR_INTERNAL] = "internal",
	    [ERR_NOMEM] = "no_memory",
	    [ERR_RANDOM] = "no_random",
	    [ERR_SYSTEM] = "system",
	    [ERR_DENIED] = "denied",
	    [ERR_INVALID] = "bad_value",
	    [ERR_USAGE] = "usage",
	    [ERR_CONFIG] = "bad_config",
	    [ERR_MISSING] = "missing",
	    [ERR_UNSAFE] = "unsafe",
	    [ERR_BUSY] = "busy",
	    [ERR_DAMAGED] = "damaged",
	    [ERR_KEY] = "wrong_key",
	    [ERR_NEWER] = "newer",
	    [ERR_NOT_FOUND] = "not_found",
	    [ERR_EXISTS] = "exists",
	    [ERR_POLICY] = "policy",
	    [ERR_REFUSED] = "refused",
	    [ERR_UNCONFIRMED] = "unconfirmed",
	};

	return (size_t)code < sizeof(WORDS) / sizeof(WORDS[0])
	    ? WORDS[code]
	    : WORDS[ERR_INTERNAL];
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
	why->field = NULL;
	why->word = code == ERR_SYSTEM && (saved == ENOSPC || saved == EDQUOT)
	    ? "no_space"
	    : NULL;
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
error_about(
    struct error *why, const char *field, const char *word, enum err code)
{
	if (why == NULL || code == ERR_OK)
		return code;
	why->field = field;
	if (word != NULL)
		why->word = word;
	return code;
}

enum err
error_shown(struct error *why)
{
	*why = (struct error){.text = ""};
	return ERR_REFUSED;
}

enum err
error_plain(struct error *why, enum err code)
{
	return error_set(why, code, "%s", error_name(code));
}
