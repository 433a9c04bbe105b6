/*
 * doctor: whether squid caches PAM's answer. The cache cannot be turned off:
 * with 0 seconds squid asks forever and never answers (seen with 5.7). The
 * minimum is one second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor/config_walk.h"
#include "doctor/doctor_caches.h"
#include "doctor/setting.h"

#define PROGRAM "/usr/sbin/squid"
#define FILE_NAME "/etc/squid/squid.conf"
#define BLANKS " \t\r\n"

static const char *const SERVICES[] = {"squid", NULL};

struct settings {
	bool asks_pam;
	struct setting ttl; /* number 0: not set, two hours */
	long count;
	bool in_seconds;
};

/* `auth_param basic NAME VALUE...` */
static void
visit(char *line, const char *file, size_t number, void *arg)
{
	struct settings *settings = arg;
	char *rest = NULL;
	const char *word = strtok_r(line, BLANKS, &rest), *name, *value;

	if (word == NULL || strcmp(word, "auth_param") != 0)
		return;
	word = strtok_r(NULL, BLANKS, &rest);
	name = strtok_r(NULL, BLANKS, &rest);
	if (word == NULL || name == NULL || strcmp(word, "basic") != 0)
		return;
	if (strcmp(name, "program") == 0)
		settings->asks_pam = strstr(rest, "pam_auth") != NULL;
	if (strcmp(name, "credentialsttl") != 0)
		return;
	value = strtok_r(NULL, BLANKS, &rest);
	word = strtok_r(NULL, BLANKS, &rest);
	settings->count = value == NULL ? 0 : strtol(value, NULL, 10);
	settings->in_seconds = word == NULL || word[0] == 's';
	settings->ttl.number = number;
	(void)snprintf(
	    settings->ttl.file, sizeof(settings->ttl.file), "%s", file);
}

static void
judge(struct doctor *doctor, const struct settings *settings)
{
	const struct setting *ttl = &settings->ttl;

	if (ttl->number == 0) {
		doctor_caches_found(
		    doctor, SERVICES[0], FILE_NAME ": two hours, if not set");
	} else if (settings->count == 0) {
		report_add(&doctor->report, REPORT_WRONG,
		    "%s:%zu: credentialsttl 0: PAM is asked without end about "
		    "what it accepts, and nobody gets an answer",
		    ttl->file, ttl->number);
	} else if (settings->count != 1 || !settings->in_seconds) {
		doctor_caches_found(
		    doctor, SERVICES[0], "%s:%zu", ttl->file, ttl->number);
	} else {
		report_add(&doctor->report, REPORT_OK,
		    "%s:%zu: PAM is asked again after a second", ttl->file,
		    ttl->number);
		return;
	}
	/* The last line wins. */
	report_fix(&doctor->report,
	    "echo 'auth_param basic credentialsttl 1 second' >>" FILE_NAME
	    " && systemctl restart squid");
}

void
doctor_squid(struct doctor *doctor)
{
	struct settings settings = {0};

	report_set_area(&doctor->report, "squid");
	if (access(PROGRAM, X_OK) != 0 ||
	    !doctor_caches_matter(doctor, SERVICES))
		return;
	config_walk(FILE_NAME, visit, &settings);
	if (settings.asks_pam)
		judge(doctor, &settings);
}
