/* doctor: whether dovecot caches PAM's answer. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor/doctor_caches.h"
#include "doctor/subprocess.h"

#define PROGRAM "/usr/bin/doveconf"
#define FILE_NAME "/etc/dovecot/dovecot.conf"
#define SAID_SIZE 65536

static const char *const SERVICES[] = {
    "dovecot", "imap", "pop3", "smtp", "sieve", NULL};

/* The value of a line `name = value`; NULL for another line. */
static const char *
value_of(const char *line, const char *name)
{
	size_t len = strlen(name);

	line += strspn(line, " \t");
	if (strncmp(line, name, len) != 0 || strncmp(line + len, " = ", 3) != 0)
		return NULL;
	return line + len + 3;
}

/*
 * Judges doveconf's output of non-default settings. Dovecot 2.3 caches PAM only
 * with a cache_key (10-auth.conf: auth_cache_size); 2.4 and later have one by
 * default.
 */
static void
judge(struct doctor *doctor, char *said)
{
	bool has_room = false, has_key = false;
	char *line;

	while ((line = strsep(&said, "\n")) != NULL) {
		const char *size = value_of(line, "auth_cache_size");

		if (size != NULL)
			has_room = strtoull(size, NULL, 10) > 0;
		has_key = has_key || strstr(line, "cache_key=") != NULL ||
		    strncmp(line, "passdb pam ", 11) == 0;
	}
	if (!has_room || !has_key) {
		doctor_caches_none(doctor, FILE_NAME);
		return;
	}
	doctor_caches_found(doctor, SERVICES[0], FILE_NAME);
	/* The last line wins. */
	report_fix(&doctor->report,
	    "echo 'auth_cache_size = 0' >>" FILE_NAME
	    " && systemctl restart dovecot");
}

void
doctor_dovecot(struct doctor *doctor)
{
	static const char *const ARGV[] = {PROGRAM, "-n", NULL};
	struct error why = {""};
	int status = -1;
	char *said;

	report_set_area(&doctor->report, "dovecot");
	if (access(PROGRAM, X_OK) != 0 ||
	    !doctor_caches_matter(doctor, SERVICES))
		return;
	said = malloc(SAID_SIZE);
	if (said == NULL ||
	    subprocess_run(ARGV, said, SAID_SIZE, &status, &why) != ERR_OK)
		report_add(&doctor->report, REPORT_WARNING,
		    "cannot read its settings: %s",
		    said == NULL ? "no memory" : why.text);
	else if (status != 0)
		report_add(&doctor->report, REPORT_WARNING,
		    "cannot read its settings: doveconf -n says: %.*s",
		    (int)strcspn(said, "\r\n"), said);
	else
		judge(doctor, said);
	free(said);
}
