#include "pam/pamline_text.h"

#include <string.h>

struct joined {
	char *buffer;
	size_t size, len;
	bool is_continued; /* its last part ended in a backslash */
};

static void
join(struct joined *joined, const char *part, size_t len)
{
	size_t room = joined->size - 1 - joined->len;

	if (len > room)
		len = room;
	memcpy(joined->buffer + joined->len, part, len);
	joined->len += len;
	joined->buffer[joined->len] = '\0';
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* An empty line or a comment. Since Linux-PAM 1.6 it ends a continued line. */
static bool
pass_empty(const struct pamline_text *text, struct joined *joined)
{
	if (text->is_1_5)
		return true;
	joined->is_continued = false;
	return joined->len == 0;
}

/*
 * Takes a line of the file, and adds it without comment and blanks. Returns
 * whether to go on with the next line of the file.
 */
static bool
take_physical(struct pamline_text *text, struct joined *joined)
{
	const char *start = text->at, *end, *hash;
	size_t left = (size_t)(text->end - start);
	const char *newline = memchr(start, '\n', left);

	end = newline != NULL ? newline : text->end;
	text->at = newline != NULL ? newline + 1 : text->end;
	text->number++;
	if (text->is_1_5 &&
	    joined->len + (size_t)(end - start) > PAMLINE_TEXT_MAX)
		text->long_at = text->number;
	end = start + strnlen(start, (size_t)(end - start));
	while (start < end && is_blank(*start))
		start++;
	if (start == end || *start == '#')
		return pass_empty(text, joined);
	joined->is_continued = false;
	hash = memchr(start, '#', (size_t)(end - start));
	if (hash != NULL) {
		join(joined, start, (size_t)(hash - start));
		return false;
	}
	while (is_blank(end[-1]))
		end--;
	if (end[-1] != '\\') {
		join(joined, start, (size_t)(end - start));
		return false;
	}
	joined->is_continued = true;
	join(joined, start, (size_t)(end - 1 - start));
	if (joined->len > 0)
		join(joined, " ", 1);
	return true;
}

bool
pamline_text_next(struct pamline_text *text, char *buffer, size_t size)
{
	struct joined joined = {.buffer = buffer, .size = size};
	size_t begun = 0;
	bool goes_on = true;

	buffer[0] = '\0';
	text->long_at = 0;
	text->is_cut = false;
	while (goes_on && text->at < text->end) {
		goes_on = take_physical(text, &joined);
		if (begun == 0 && joined.len > 0)
			begun = text->number;
	}
	text->is_cut = joined.is_continued;
	text->begun = begun != 0 ? begun : text->number;
	return joined.len > 0 || text->is_cut || text->long_at != 0;
}
