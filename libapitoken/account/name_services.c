#include "account/name_services.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/safe_file.h"

#define NSCD "/var/run/nscd/socket" /* as in glibc's nscd/nscd-client.h */
#define TEXT_MAX 8192

/* Before, a process read nsswitch.conf once: glibc's NEWS of 2.33. */
#define FOLLOWS_CHANGES __GLIBC_PREREQ(2, 33)

#define BLANKS " \t\r\f\v"
#define ENDS BLANKS ":#\n" /* of a database's name */

/*
 * Whether what follows `passwd:` begins with files, with nothing that says to
 * go on in spite of them, as in `files [SUCCESS=continue] ldap`.
 */
static bool
is_files(const char *services)
{
	services += strspn(services, BLANKS);
	if (strncmp(services, "files", 5) != 0)
		return false;
	services += 5;
	if (*services == '\0' || *services == '\n' || *services == '#')
		return true;
	if (strchr(BLANKS, *services) == NULL)
		return false;
	return services[strspn(services, BLANKS)] != '[';
}

/* Whether a word of these is at *text, in any case; then *text is behind it. */
static bool
take_word(const char **text, const char *const words[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(words[i]);

		if (strncasecmp(*text, words[i], len) == 0) {
			*text += len;
			return true;
		}
	}
	return false;
}

/* Whether *text, behind `[`, is STATUS=ACTION, or several of them, and `]`. */
static bool
take_actions(const char **text)
{
	static const char *const STATUSES[] = {
	    "success", "notfound", "unavail", "tryagain"};
	static const char *const ACTIONS[] = {"return", "continue", "merge"};

	do {
		*text += strspn(*text, BLANKS);
		*text += **text == '!';
		if (!take_word(text, STATUSES, 4) || *(*text)++ != '=' ||
		    !take_word(text, ACTIONS, 3) ||
		    strchr(BLANKS "]", **text) == NULL)
			return false;
		*text += strspn(*text, BLANKS);
	} while (**text != ']' && **text != '\0');
	return **text == ']';
}

/*
 * Whether each condition in it makes sense. Of one that does not, glibc gives
 * up the whole file, and goes by what it had before (nss_database.c).
 */
static bool
has_sound_conditions(const char *text)
{
	for (; *text != '\0'; text += strcspn(text, "\n")) {
		text += strspn(text, BLANKS "\n");
		/* Only there: behind a service, `#` is the next one's name. */
		if (*text == '#')
			continue;
		while (*(text += strcspn(text, "[\n")) == '[') {
			text++;
			if (!take_actions(&text))
				return false;
		}
	}
	return true;
}

/*
 * Counts the lines of a database, and those that begin with files. To glibc the
 * name ends at a blank, too, and the last line counts (nss_database.c): what is
 * not as everybody writes it, `passwd: files`, is left to glibc.
 */
static void
count(const char *text, const char *database, unsigned *lines, unsigned *files)
{
	size_t len = strlen(database);

	*lines = *files = 0;
	for (; text != NULL; text = strchr(text, '\n')) {
		const char *word;

		text += *text == '\n';
		word = text + strspn(text, BLANKS);
		if (strcspn(word, ENDS) != len ||
		    strncmp(word, database, len) != 0)
			continue;
		++*lines;
		*files += word[len] == ':' && is_files(word + len + 1);
	}
}

bool
name_services_text_begins_with_files(const char *text)
{
	static const char *const DATABASES[] = {"passwd", "shadow"};

	if (!has_sound_conditions(text))
		return false;
	for (size_t i = 0; i < sizeof(DATABASES) / sizeof(DATABASES[0]); i++) {
		unsigned lines, files;

		count(text, DATABASES[i], &lines, &files);
		if (lines != 1 || files != 1)
			return false;
	}
	return true;
}

/* The whole file, or nothing of one that is longer than any was seen to be. */
static bool
read_text(char text[TEXT_MAX])
{
	int fd = retry_openat(
	    AT_FDCWD, NAME_SERVICES_FILE, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	ssize_t got;

	if (fd < 0)
		return false;
	got = retry_pread(fd, text, TEXT_MAX, 0);
	(void)close(fd);
	if (got <= 0 || got >= TEXT_MAX)
		return false;
	text[got] = '\0';
	return memchr(text, '\0', (size_t)got) == NULL;
}

bool
name_services_begin_with_files(void)
{
	char text[TEXT_MAX];

	if (!FOLLOWS_CHANGES)
		return false;
	if (!safe_is_absent(NSCD))
		return false;
	return read_text(text) && name_services_text_begins_with_files(text);
}
