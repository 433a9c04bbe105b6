#include "session/session_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FORMAT "apitoken session 2\n"
#define OWN "0\n"

/* A text from the host, if fit for a line. */
static const char *
printable(const char *text, size_t max)
{
	return parse_is_printable(text, max) ? text : "";
}

/* Login ids as two lines, or `-` and an empty one if they are not known. */
static int
encode_ids(const struct login_ids *ids, char *text, size_t size)
{
	const char *scope = printable(ids->scope, LOGIN_IDS_SCOPE_MAX);

	if (!ids->is_known || strcmp(scope, ids->scope) != 0)
		return snprintf(text, size, "-\n\n");
	return snprintf(text, size, "%" PRIu32 "\n%s\n", ids->audit, scope);
}

size_t
session_text_encode(const struct session *session, char text[SESSION_TEXT_MAX])
{
	char ids[LOGIN_IDS_SCOPE_MAX + sizeof("4294967295\n\n")];
	int ids_len = encode_ids(&session->before, ids, sizeof(ids));
	int len = snprintf(text, SESSION_TEXT_MAX,
	    FORMAT "%s\n%s\n%s\n%s\n%s\n%" PRId64 "\n%u\n%s%s",
	    printable(session->user, RECORD_USER_MAX),
	    printable(session->name, PARSE_NAME_MAX),
	    printable(session->service, PARSE_SERVICE_MAX),
	    printable(session->from, NETWORK_TEXT_LEN),
	    printable(session->tty, SESSION_TTY_MAX), session->since,
	    (unsigned)session->lifetime, ids,
	    session->is_shared ? SESSION_TEXT_SHARED : OWN);

	return ids_len > 0 && len > 0 && len < SESSION_TEXT_MAX ? (size_t)len
								: 0;
}

/* Takes the next line into a buffer of size bytes. */
static bool
take_line(const char **text, char *line, size_t size)
{
	const char *end = strchr(*text, '\n');
	size_t len;

	if (end == NULL)
		return false;
	len = (size_t)(end - *text);
	if (len >= size)
		return false;
	memcpy(line, *text, len);
	line[len] = '\0';
	*text = end + 1;
	return len == 0 || parse_is_printable(line, size);
}

static bool
take_number(const char **text, uint64_t max, uint64_t *number)
{
	char line[24];

	return take_line(text, line, sizeof(line)) &&
	    parse_number(line, max, number);
}

static bool
take_ids(const char **text, struct login_ids *ids)
{
	char line[24];
	uint64_t audit = LOGIN_IDS_NO_AUDIT;

	if (!take_line(text, line, sizeof(line)) ||
	    !take_line(text, ids->scope, sizeof(ids->scope)))
		return false;
	ids->is_known = strcmp(line, "-") != 0;
	if (ids->is_known ? !parse_number(line, UINT32_MAX, &audit)
			  : ids->scope[0] != '\0')
		return false;
	ids->audit = (uint32_t)audit;
	return true;
}

bool
session_text_decode(struct session *session, const char *text)
{
	uint64_t since, lifetime, is_shared;

	if (strncmp(text, FORMAT, strlen(FORMAT)) != 0)
		return false;
	text += strlen(FORMAT);
	if (!take_line(&text, session->user, sizeof(session->user)) ||
	    !take_line(&text, session->name, sizeof(session->name)) ||
	    !take_line(&text, session->service, sizeof(session->service)) ||
	    !take_line(&text, session->from, sizeof(session->from)) ||
	    !take_line(&text, session->tty, sizeof(session->tty)) ||
	    !take_number(&text, INT64_MAX, &since) ||
	    !take_number(&text, RECORD_UNTIL_LOGOUT, &lifetime) ||
	    !take_ids(&text, &session->before) ||
	    !take_number(&text, 1, &is_shared) || text[0] != '\0')
		return false;
	session->since = (int64_t)since;
	session->lifetime = (enum record_lifetime)lifetime;
	session->is_shared = is_shared != 0;
	return true;
}
