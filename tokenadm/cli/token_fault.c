#include "cli/token_fault.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "token/token.h"

#define BLANKS " \t\r\n\f\v"

void
token_fault_text(char *why, size_t size, const char *token)
{
	size_t len = strlen(token);
	char id[TOKEN_ID_LEN + 1];

	why[0] = '\0';
	if (token_parse(token, id))
		return;
	if (len == 0)
		(void)snprintf(why, size, "empty");
	else if (strchr(BLANKS, token[0]) != NULL)
		(void)snprintf(why, size, "a blank at the beginning");
	else if (strchr(BLANKS, token[len - 1]) != NULL)
		(void)snprintf(why, size, "a blank at the end");
	else if (strncasecmp(token, TOKEN_PREFIX, strlen(TOKEN_PREFIX)) != 0)
		(void)snprintf(why, size, "does not begin with " TOKEN_PREFIX);
	else if (len != TOKEN_LEN && len != TOKEN_SHORT_LEN)
		(void)snprintf(why, size, "%zu characters, not %d or %d", len,
		    TOKEN_LEN, TOKEN_SHORT_LEN);
	else if (token_span(token) != len)
		(void)snprintf(why, size, "a character that no token has");
	else if (!token_has_shape(token))
		(void)snprintf(
		    why, size, "no id behind " TOKEN_PREFIX ": mistyped");
	else
		(void)snprintf(why, size, "checksum wrong: mistyped");
}
