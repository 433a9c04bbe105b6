#include "cli/input.h"

#include <errno.h>
#include <unistd.h>

static input_reader *given;

void
input_set(input_reader *reader)
{
	given = reader;
}

ssize_t
input_read(uint8_t *bytes, size_t size)
{
	ssize_t got;

	if (given != NULL)
		return given(bytes, size);
	do {
		got = read(STDIN_FILENO, bytes, size);
	} while (got < 0 && errno == EINTR);
	return got;
}
