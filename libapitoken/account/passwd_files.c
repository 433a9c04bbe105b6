#include "account/passwd_files.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/parse.h"

#define PASSWD_FILE "/etc/passwd"
#define SHADOW_FILE "/etc/shadow"
#define PASSWD_FIELDS 7
#define SHADOW_FIELDS 9
#define BLANKS " \t\v\f\r"
#define FILE_FIRST 65536
#define FILE_MAX (1024L * 1024 * 1024)
/* What libc can hold, except (uid_t)-1, which means `no such uid`. */
#define ID_MAX (UINT32_MAX - UINT64_C(1))

/* A whole file; wiped, since it has password hashes. */
struct text {
	char *bytes;
	size_t len, size;
};

static void
text_free(struct text *text)
{
	if (text->bytes != NULL)
		crypto_wipe(text->bytes, text->size);
	free(text->bytes);
	*text = (struct text){0};
}

static enum err
text_grow(struct text *text)
{
	struct text grown = {
	    .len = text->len,
	    .size = text->size == 0 ? FILE_FIRST : text->size * 2,
	};

	grown.bytes = grown.size <= FILE_MAX ? malloc(grown.size) : NULL;
	if (grown.bytes == NULL)
		return ERR_NOMEM;
	if (text->len > 0)
		memcpy(grown.bytes, text->bytes, text->len);
	text_free(text);
	*text = grown;
	return ERR_OK;
}

/* Reads all of the file, and adds a NUL. */
static enum err
text_read(struct text *text, const char *path, struct error *why)
{
	FILE *file;
	enum err rc = ERR_OK;
	size_t got = 1;

	do
		file = fopen(path, "re");
	while (file == NULL && errno == EINTR);
	if (file == NULL)
		return error_set(why,
		    errno == ENOENT ? ERR_MISSING : ERR_SYSTEM,
		    "%s: cannot open: %s", path, strerror(errno));
	/* Its own buffer would keep hashes. */
	(void)setvbuf(file, NULL, _IONBF, 0);
	while (rc == ERR_OK && got > 0) {
		if (text->size - text->len < 2)
			rc = text_grow(text);
		if (rc != ERR_OK)
			break;
		got = fread(text->bytes + text->len, 1,
		    text->size - text->len - 1, file);
		text->len += got;
	}
	if (rc != ERR_OK)
		(void)error_plain(why, rc);
	else if (ferror(file))
		rc = error_set(why, ERR_SYSTEM, "%s: cannot read all of it: %s",
		    path, strerror(errno));
	else
		text->bytes[text->len] = '\0';
	(void)fclose(file);
	return rc;
}

/*
 * Cuts the next line out of the text, from *at on, without leading blanks,
 * which libc skips. Clears *is_whole if it had any, lacks its newline, or has a
 * NUL in it. NULL at the end.
 */
static char *
next_line(struct text *text, size_t *at, bool *is_whole)
{
	char *line = text->bytes + *at;
	size_t rest = text->len - *at;
	char *end;

	if (rest == 0)
		return NULL;
	end = memchr(line, '\n', rest);
	*is_whole = end != NULL;
	if (end == NULL)
		end = line + rest;
	*end = '\0';
	*is_whole = *is_whole && strlen(line) == (size_t)(end - line);
	*is_whole = *is_whole && strspn(line, BLANKS) == 0;
	*at += (size_t)(end - line) + 1;
	if (*at > text->len)
		*at = text->len;
	return line + strspn(line, BLANKS);
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

enum err
passwd_files_passwd(passwd_files_passwd_visitor *visit, void *arg,
    struct passwd_files_passwd *file, struct error *why)
{
	struct text text = {0};
	size_t at = 0, number = 0, gap = 0;
	bool whole;
	char *line;
	enum err rc = text_read(&text, PASSWD_FILE, why);

	*file = (struct passwd_files_passwd){0};
	while (rc == ERR_OK && (line = next_line(&text, &at, &whole)) != NULL) {
		struct passwd entry;
		bool is_good;

		number++;
		/* An empty line before others is a line that was cut. */
		if (line[0] == '\0' && gap == 0)
			gap = number;
		if (line[0] != '\0' && gap != 0)
			note_bad(file, gap, "it is empty");
		if (!whole)
			note_bad(file, number,
			    "it is cut short, or has a blank before it or a "
			    "NUL in it");
		if (is_no_user(line))
			continue;
		is_good = parse_passwd(line, &entry) && whole;
		if (!is_good)
			note_bad(file, number,
			    "it is not seven fields, with a name, a uid and a "
			    "gid");
		if (is_good && strcmp(line, "root") == 0)
			file->has_root = true;
		/* The line is cut at its first colon: it is the name. */
		rc = visit(line, is_good ? &entry : NULL, arg);
	}
	text_free(&text);
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
	struct text text = {0};
	size_t at = 0;
	bool whole;
	char *line;
	enum err rc = text_read(&text, SHADOW_FILE, why);

	while (rc == ERR_OK && (line = next_line(&text, &at, &whole)) != NULL) {
		struct spwd entry;
		bool is_good;

		if (is_no_user(line))
			continue;
		is_good = parse_shadow(line, &entry) && whole;
		rc = visit(line, is_good ? &entry : NULL, arg);
	}
	text_free(&text);
	return rc;
}
