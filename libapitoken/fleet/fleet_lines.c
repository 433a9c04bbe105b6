#include "fleet/fleet_lines.h"

#include <string.h>

#include "base/crypto.h"
#include "base/hex.h"
#include "base/parse.h"

/* The length of the next line, without its newline; false if it has no end. */
static bool
measure(const struct fleet_lines *lines, size_t *len)
{
	const char *end = lines->left == 0
	    ? NULL
	    : memchr(lines->at, '\n', lines->left);

	if (end == NULL)
		return false;
	*len = (size_t)(end - lines->at);
	return true;
}

static void
move_on(struct fleet_lines *lines, size_t len)
{
	lines->at += len + 1;
	lines->left -= len + 1;
}

bool
fleet_lines_take(struct fleet_lines *lines, const char *line)
{
	size_t len;

	if (!measure(lines, &len) || len != strlen(line) ||
	    memcmp(lines->at, line, len) != 0)
		return false;
	move_on(lines, len);
	return true;
}

bool
fleet_lines_value(
    struct fleet_lines *lines, const char *name, char value[FLEET_LINE_MAX + 1])
{
	size_t name_len = strlen(name), len;

	if (!measure(lines, &len) || len < name_len + 1 ||
	    memcmp(lines->at, name, name_len) != 0 ||
	    lines->at[name_len] != '=' || len - name_len - 1 > FLEET_LINE_MAX)
		return false;
	if (memchr(lines->at, '\0', len) != NULL)
		return false;
	memcpy(value, lines->at + name_len + 1, len - name_len - 1);
	value[len - name_len - 1] = '\0';
	move_on(lines, len);
	return true;
}

bool
fleet_lines_bytes(
    struct fleet_lines *lines, const char *name, uint8_t *bytes, size_t len)
{
	char value[FLEET_LINE_MAX + 1];
	bool is_taken = fleet_lines_value(lines, name, value) &&
	    hex_get(bytes, len, value);

	/* It may be a secret key: fleet_key.c. */
	crypto_wipe(value, sizeof(value));
	return is_taken;
}

bool
fleet_number(const char *text, uint64_t most, uint64_t *number)
{
	return (text[0] != '0' || text[1] == '\0') &&
	    parse_number(text, most, number);
}

bool
fleet_lines_number(struct fleet_lines *lines, const char *name, uint64_t most,
    uint64_t *number)
{
	char value[FLEET_LINE_MAX + 1];

	return fleet_lines_value(lines, name, value) &&
	    fleet_number(value, most, number);
}
