#include "account/passwd_files.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/line_reader.h"
#include "base/parse.h"

#define PASSWD_FILE "/etc/passwd"
#define SHADOW_FILE "/etc/shadow"
#define PASSWD_FIELDS 7
#define SHADOW_FIELDS 9
#define BLANKS " \t\v\f\r"
/* What libc can hold, except (uid_t)-1, which means `no such uid`. */
#define ID_MAX (UINT32_MAX - UINT64_C(1))

/* A user's line, as libc sees it, and whether its form is right. */
struct user_line {
	char *text; /* without leading blanks, which libc skips; NULL: none */
	bool is_whole; /* it had none, ends with a newline, has no NUL in it */
};

static enum err
next_line(struct line_reader *reader, struct user_line *user, struct error *why)
{
	struct line line;
	enum err rc = line_reader_next(reader, &line, why);

	user->text = line.text;
	if (rc != ERR_OK || line.text == NULL)
		return rc;
	user->text += strspn(line.text, BLANKS);
	user->is_whole = line.is_ended && user->text == line.text &&
	    strlen(line.text) == line.len;
	return ERR_OK;
}

/* Cuts the line at its colons. False unless it has count fields. */
static bool
split(char *line, char *fields[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fields[i] = line;
		line = strchr(line, ':');
		if (line == NULL)
			return i == count - 1;
		*line++ = '\0';
	}
	return false;
}

/* No user's line: empty, a comment, or a NIS entry (nsswitch.conf(5)). */
static bool
is_no_user(const char *line)
{
	return line[0] == '\0' || strchr("#+-", line[0]) != NULL;
}

static bool
parse_passwd(char *line, struct passwd *entry)
{
	char *fields[PASSWD_FIELDS];
	uint64_t uid, gid;

	if (!split(line, fields, PASSWD_FIELDS) || fields[0][0] == '\0' ||
	    !parse_number(fields[2], ID_MAX, &uid) ||
	    !parse_number(fields[3], ID_MAX, &gid))
		return false;
	*entry = (struct passwd){
	    .pw_name = fields[0],
	    .pw_passwd = fields[1],
	    .pw_uid = (uid_t)uid,
	    .pw_gid = (gid_t)gid,
	    .pw_gecos = fields[4],
	    .pw_dir = fields[5],
	    .pw_shell = fields[6],
	};
	return true;
}

/* Days; -1 for an empty field. libc accepts no `-1` there. */
static bool
parse_days(const char *text, long *days)
{
	uint64_t number;

	*days = -1;
	if (text[0] == '\0')
		return true;
	if (!parse_number(text, INT32_MAX, &number))
		return false;
	*days = (long)number;
	return true;
}

static bool
parse_shadow(char *line, struct spwd *entry)
{
	char *fields[SHADOW_FIELDS];
	long flag;

	if (!split(line, fields, SHADOW_FIELDS) || fields[0][0] == '\0')
		return false;
	*entry = (struct spwd){.sp_namp = fields[0], .sp_pwdp = fields[1]};
	return parse_days(fields[2], &entry->sp_lstchg) &&
	    parse_days(fields[3], &entry->sp_min) &&
	    parse_days(fields[4], &entry->sp_max) &&
	    parse_days(fields[5], &entry->sp_warn) &&
	    parse_days(fields[6], &entry->sp_inact) &&
	    parse_days(fields[7], &entry->sp_expire) &&
	    parse_days(fields[8], &flag);
}

/* Only the first bad line is reported. */
static void
note_bad(struct passwd_files_passwd *file, size_t line, const char *how)
{
	if (file->bad_line != 0)
		return;
	file->bad_line = line;
	file->bad_how = how;
}

/* Notes what is wrong with the line, and passes it on if it is a user's. */
static enum err
visit_passwd(const struct user_line *line, size_t number,
    passwd_files_passwd_visitor *visit, void *arg,
    struct passwd_files_passwd *file)
{
	struct passwd entry;
	bool is_good;

	if (!line->is_whole)
		note_bad(file, number,
		    "it is cut short, or has a blank before it or a NUL in it");
	if (is_no_user(line->text))
		return ERR_OK;
	is_good = parse_passwd(line->text, &entry) && line->is_whole;
	if (!is_good)
		note_bad(file, number,
		    "it is not seven fields, with a name, a uid and a gid");
	if (is_good && strcmp(line->text, "root") == 0)
		file->has_root = true;
	/* The line is cut at its first colon: it is the name. */
	return visit(line->text, is_good ? &entry : NULL, arg);
}

enum err
passwd_files_passwd(passwd_files_passwd_visitor *visit, void *arg,
    struct passwd_files_passwd *file, struct error *why)
{
	struct line_reader reader;
	struct user_line line;
	size_t number = 0, gap = 0;
	enum err rc = line_reader_open(&reader, PASSWD_FILE, why);

	*file = (struct passwd_files_passwd){0};
	while (rc == ERR_OK) {
		rc = next_line(&reader, &line, why);
		if (rc != ERR_OK || line.text == NULL)
			break;
		number++;
		/* An empty line before others is a line that was cut. */
		if (line.text[0] == '\0' && gap == 0)
			gap = number;
		if (line.text[0] != '\0' && gap != 0)
			note_bad(file, gap, "it is empty");
		rc = visit_passwd(&line, number, visit, arg, file);
	}
	line_reader_close(&reader);
	file->is_whole = file->has_root && file->bad_line == 0;
	/* Every system has this file. */
	return rc == ERR_MISSING ? ERR_SYSTEM : rc;
}

void
passwd_files_explain(const struct passwd_files_passwd *file, struct error *why)
{
	char line[32] = "";

	if (file->bad_line != 0)
		(void)snprintf(line, sizeof(line), ":%zu", file->bad_line);
	(void)error_set(why, ERR_OK,
	    PASSWD_FILE "%s: %s: until that is mended, nobody who is missing "
			"in this file is taken to be deleted; mend it with: "
			"vipw",
	    line, file->bad_line != 0 ? file->bad_how : "root is not in it");
}

enum err
passwd_files_shadow(
    passwd_files_shadow_visitor *visit, void *arg, struct error *why)
{
	struct line_reader reader;
	struct user_line line;
	enum err rc = line_reader_open(&reader, SHADOW_FILE, why);

	while (rc == ERR_OK) {
		struct spwd entry;
		bool is_good;

		rc = next_line(&reader, &line, why);
		if (rc != ERR_OK || line.text == NULL)
			break;
		if (is_no_user(line.text))
			continue;
		is_good = parse_shadow(line.text, &entry) && line.is_whole;
		rc = visit(line.text, is_good ? &entry : NULL, arg);
	}
	line_reader_close(&reader);
	return rc;
}

/* Finds the first line of that name. ERR_NOT_FOUND. */
static enum err
find_line(struct line_reader *reader, const char *path, const char *user,
    struct user_line *line, struct error *why)
{
	size_t len = strlen(user);
	enum err rc = line_reader_open(reader, path, why);

	while (rc == ERR_OK) {
		rc = next_line(reader, line, why);
		if (rc == ERR_OK && line->text == NULL)
			rc = ERR_NOT_FOUND;
		if (rc == ERR_OK && strncmp(line->text, user, len) == 0 &&
		    (line->text[len] == ':' || line->text[len] == '\0'))
			break;
	}
	return rc;
}

/* Of such a name no line is a user's, or more than its name would match. */
static bool
can_be_listed(const char *user)
{
	return !is_no_user(user) && strchr(user, ':') == NULL;
}

enum err
passwd_files_find_passwd(const char *user, passwd_files_passwd_visitor *visit,
    void *arg, struct error *why)
{
	struct line_reader reader;
	struct user_line line;
	struct passwd entry;
	enum err rc;

	if (!can_be_listed(user))
		return ERR_NOT_FOUND;
	rc = find_line(&reader, PASSWD_FILE, user, &line, why);
	if (rc == ERR_OK && !(line.is_whole && parse_passwd(line.text, &entry)))
		rc = ERR_DAMAGED;
	if (rc == ERR_OK)
		rc = visit(user, &entry, arg);
	line_reader_close(&reader);
	return rc;
}

enum err
passwd_files_find_shadow(const char *user, passwd_files_shadow_visitor *visit,
    void *arg, struct error *why)
{
	struct line_reader reader;
	struct user_line line;
	struct spwd entry;
	enum err rc;

	if (!can_be_listed(user))
		return ERR_NOT_FOUND;
	rc = find_line(&reader, SHADOW_FILE, user, &line, why);
	if (rc == ERR_OK && !(line.is_whole && parse_shadow(line.text, &entry)))
		rc = ERR_DAMAGED;
	if (rc == ERR_OK)
		rc = visit(user, &entry, arg);
	line_reader_close(&reader);
	return rc;
}
