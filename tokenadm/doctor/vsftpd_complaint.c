#include "doctor/vsftpd_complaint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/textfile.h"
#include "doctor/subprocess.h"

#define SPACE " \t\r\v\f"
#define SAID_SIZE 512

/* vsftpd's own words (parseconf.c). */
#define SUBJECT "config file"
#define NAMES ": "
#define BAD_VALUE "bad bool value"

bool
vsftpd_is_misspelt(const char *line)
{
	size_t indent = strspn(line, SPACE), len = strcspn(line, "\n");
	const char *equals = memchr(line, '=', len);

	if (line[0] == '#' || indent == len)
		return false;
	return line[indent] == '#' || strchr(SPACE, line[len - 1]) != NULL ||
	    (equals != NULL && equals > line &&
		(strchr(SPACE, equals[-1]) != NULL ||
		    (equals[1] != '\0' && strchr(SPACE, equals[1]) != NULL)));
}

static bool
is_bool(const char *value)
{
	static const char *const WORDS[] = {
	    "YES", "TRUE", "1", "NO", "FALSE", "0"};

	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		if (strcasecmp(value, WORDS[i]) == 0)
			return true;
	}
	return false;
}

/* Whether it is that setting, and the value that was complained of. */
static bool
is_meant(const char *line, const char *name, bool of_value)
{
	size_t len = strlen(name);
	const char *key = line + strspn(line, SPACE);

	if (strncmp(key, name, len) != 0 ||
	    (key[len] != '=' && key[len] != '\0'))
		return false;
	return !of_value || (key[len] == '=' && !is_bool(key + len + 1));
}

/* Finds the line that the text ends with the name of. */
static void
find_line(struct vsftpd_complaint *complaint, const char *path)
{
	const char *name = strstr(complaint->text.text, NAMES);
	bool of_value = strncmp(complaint->text.text, BAD_VALUE,
			    sizeof(BAD_VALUE) - 1) == 0;
	FILE *file = name != NULL ? textfile_open(path) : NULL;
	char *line = NULL;
	size_t size = 0, number = 0;

	while (file != NULL && complaint->number == 0 &&
	    getline(&line, &size, file) >= 0) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' ||
		    !is_meant(line, name + sizeof(NAMES) - 1, of_value))
			continue;
		complaint->number = number;
		complaint->is_spelling = vsftpd_is_misspelt(line);
	}
	free(line);
	if (file != NULL)
		(void)fclose(file);
}

/* Its complaint in what it said, without `500 OOPS: ` and the line's end. */
static bool
take_text(struct vsftpd_complaint *complaint, char *said)
{
	static const char MARK[] = "OOPS: ";
	char *text = strstr(said, MARK);
	size_t len;

	if (text == NULL)
		return false;
	text += sizeof(MARK) - 1;
	len = strcspn(text, "\n");
	if (len > 0 && text[len - 1] == '\r')
		len--;
	text[len] = '\0';
	(void)error_set(&complaint->text, ERR_INVALID, "%s", text);
	return strstr(text, SUBJECT) != NULL;
}

bool
vsftpd_complains(
    const char *program, const char *file, struct vsftpd_complaint *complaint)
{
	/*
	 * Its main reads its arguments one after the other: the file, then
	 * -v, upon which it prints its version and exits. It writes both to
	 * descriptor 0, where the FTP client would be.
	 */
	const char *const argv[] = {
	    "/bin/sh", "-c", "exec \"$0\" \"$1\" -v <&1", program, file, NULL};
	char said[SAID_SIZE];
	int status = 0;
	struct error why = {""};

	*complaint = (struct vsftpd_complaint){.number = 0};
	if (subprocess_run(argv, said, sizeof(said), &status, &why) != ERR_OK ||
	    status == 0 || !take_text(complaint, said))
		return false;
	find_line(complaint, file);
	return true;
}
