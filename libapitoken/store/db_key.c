#include "store/db_key.h"

#include <stdbool.h>
#include <string.h>

#include "token/token.h"

size_t
db_key_make(char key[DB_KEY_SIZE], enum db_kind kind, const char *name)
{
	size_t len = strnlen(name, RECORD_USER_MAX);

	key[0] = (char)kind;
	memcpy(key + 1, name, len);
	return len + 1;
}

static bool
may_be_so_long(enum db_kind kind, size_t len)
{
	switch (kind) {
	case DB_CHECK:
		return len == 1;
	case DB_LOGO:
	case DB_TOKEN:
		return len == 1 + TOKEN_ID_LEN;
	case DB_USER:
		return len >= 2 && len <= DB_KEY_SIZE;
	case DB_OTHER:
		break;
	}
	return false;
}

enum db_kind
db_key_parse(const char *key, size_t len, char name[RECORD_USER_MAX + 1])
{
	enum db_kind kind = len > 0 ? (enum db_kind)(unsigned char)key[0]
				    : DB_OTHER;

	name[0] = '\0';
	if (!may_be_so_long(kind, len) || memchr(key, '\0', len) != NULL)
		return DB_OTHER;
	memcpy(name, key + 1, len - 1);
	name[len - 1] = '\0';
	return kind;
}
