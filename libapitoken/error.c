#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

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
	case ERR_SYSTEM:
		return "system error";
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

enum err
error_set(struct error *why, enum err code, const char *format, ...)
{
	int saved = errno;

	if (why != NULL) {
		va_list args;

		va_start(args, format);
		(void)vsnprintf(why->text, sizeof(why->text), format, args);
		va_end(args);
	}
	errno = saved;
	return code;
}

enum err
error_plain(struct error *why, enum err code)
{
	return error_set(why, code, "%s", error_name(code));
}
