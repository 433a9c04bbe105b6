#include "base/growing.h"

#include <stdlib.h>
#include <string.h>

/* Room for len more bytes and a NUL. */
static enum err
make_room(struct growing *growing, size_t most, size_t len)
{
	size_t size = 2 * (growing->len + len) + 1;
	uint8_t *grown;

	if (growing->len + len < growing->size)
		return ERR_OK;
	if (size - 1 > most)
		size = most + 1;
	grown = realloc(growing->bytes, size);
	if (grown == NULL)
		return ERR_NOMEM;
	growing->bytes = grown;
	growing->size = size;
	return ERR_OK;
}

enum err
growing_add(struct growing *growing, size_t most, const void *bytes, size_t len)
{
	enum err rc;

	if (len > most - growing->len)
		return ERR_INVALID;
	rc = make_room(growing, most, len);
	if (rc != ERR_OK)
		return rc;
	memcpy(growing->bytes + growing->len, bytes, len);
	growing->len += len;
	growing->bytes[growing->len] = '\0';
	return ERR_OK;
}
