#include "tokens/actor.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/parse.h"
#include "session/process.h"

/* The login uid that the kernel keeps; UINT32_MAX if nobody logged in. */
static uid_t
login_uid(void)
{
	char text[16];
	uint64_t uid = UINT32_MAX;
	size_t len;

	(void)process_read_file(0, "loginuid", text, sizeof(text), &len);
	(void)parse_number(text, UINT32_MAX, &uid);
	return (uid_t)uid;
}

static char given[RECORD_BY_MAX + 1];

void
actor_set(const char *name)
{
	(void)snprintf(given, sizeof(given), "%s", name);
}

void
actor_name(char name[RECORD_BY_MAX + 1])
{
	uid_t uid = login_uid();
	const struct passwd *passwd;

	if (given[0] != '\0') {
		strcpy(name, given);
		return;
	}
	if (uid == (uid_t)UINT32_MAX)
		uid = getuid();
	passwd = getpwuid(uid);
	if (passwd != NULL &&
	    parse_is_printable(passwd->pw_name, RECORD_BY_MAX))
		strcpy(name, passwd->pw_name);
	else
		(void)snprintf(
		    name, RECORD_BY_MAX + 1, "uid %lu", (unsigned long)uid);
}
