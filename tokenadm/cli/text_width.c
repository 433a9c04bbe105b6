#include "cli/text_width.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define ESCAPE_WIDTH 4 /* of \xNN */

/* The columns that the next character takes; len is its length in bytes. */
static size_t
next_width(const char *text, size_t *len)
{
	mbstate_t state = {0};
	wchar_t wide;
	int width;

	*len = mbrtowc(&wide, text, MB_CUR_MAX, &state);
	if (*len == (size_t)-1 || *len == (size_t)-2) {
		*len = 1;
		return ESCAPE_WIDTH;
	}
	width = wcwidth(wide);
	return width < 0 ? ESCAPE_WIDTH * *len : (size_t)width;
}

size_t
text_width(const char *text)
{
	size_t width = 0, len;

	for (; *text != '\0'; text += len)
		width += next_width(text, &len);
	return width;
}

size_t
text_fit(const char *text, size_t width)
{
	size_t keep = 0, used = 0, len;

	for (; text[keep] != '\0'; keep += len) {
		used += next_width(text + keep, &len);
		if (used > width)
			break;
	}
	return keep;
}

const char *
text_ellipsis(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? "\u2026" : "~";
}
