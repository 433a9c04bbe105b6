#include "base/packed_texts.h"

#include <string.h>

#include "base/little_endian.h"

size_t
packed_texts_put(uint8_t *out, const void *object,
    const struct text_member *members, size_t count)
{
	uint8_t *next = out;

	for (size_t i = 0; i < count; i++) {
		const char *text = (const char *)object + members[i].offset;
		size_t len = strnlen(text, members[i].size);

		if (len == members[i].size)
			return 0;
		next = little_endian_put(next, len, PACKED_TEXT_HEAD);
		memcpy(next, text, len);
		next += len;
	}
	return (size_t)(next - out);
}

/* Takes one text from *bytes, of which *len are left. */
static bool
take(char *text, size_t size, const uint8_t **bytes, size_t *len)
{
	size_t given;

	if (*len < PACKED_TEXT_HEAD)
		return false;
	given = (size_t)little_endian_take(bytes, PACKED_TEXT_HEAD);
	*len -= PACKED_TEXT_HEAD;
	if (given > *len || given >= size ||
	    memchr(*bytes, '\0', given) != NULL)
		return false;
	memcpy(text, *bytes, given);
	text[given] = '\0';
	*bytes += given;
	*len -= given;
	return true;
}

bool
packed_texts_take(void *object, const struct text_member *members, size_t count,
    const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < count; i++) {
		if (!take((char *)object + members[i].offset, members[i].size,
			&bytes, &len))
			return false;
	}
	return len == 0;
}
