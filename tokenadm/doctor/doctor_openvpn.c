/*
 * doctor: whether openvpn caches PAM's answer. With auth-gen-token it gives its
 * client a token of its own, and accepts that at each renegotiation; with
 * external-auth as well it asks PAM anyway (openvpn(8)).
 */
#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "doctor/config_walk.h"
#include "doctor/doctor_caches.h"

#define PROGRAM "/usr/sbin/openvpn"
#define BLANKS " \t\r\n"

static const char *const FILES[] = {
    "/etc/openvpn/*.conf", "/etc/openvpn/server/*.conf"};
static const char *const SERVICES[] = {"openvpn", NULL};

struct settings {
	bool asks_pam;
	size_t number; /* line of auth-gen-token; 0: none */
};

static void
visit(char *line, const char *file, size_t number, void *arg)
{
	struct settings *settings = arg;
	char *rest = NULL;
	const char *word = strtok_r(line, BLANKS, &rest);

	(void)file;
	if (word == NULL)
		return;
	if (strcmp(word, "plugin") == 0)
		settings->asks_pam = settings->asks_pam ||
		    strstr(rest, "plugin-auth-pam.so") != NULL;
	else if (strcmp(word, "auth-gen-token") == 0)
		settings->number = strstr(rest, "external-auth") == NULL
		    ? number
		    : 0;
}

static void
judge_file(struct doctor *doctor, const char *path)
{
	struct settings settings = {0};

	config_walk(path, visit, &settings);
	if (!settings.asks_pam)
		return;
	if (settings.number == 0) {
		doctor_caches_none(doctor, path);
		return;
	}
	doctor_caches_found(
	    doctor, SERVICES[0], "%s:%zu", path, settings.number);
	report_fix(&doctor->report,
	    "take auth-gen-token out of %s, or put external-auth behind it, "
	    "and restart openvpn",
	    path);
}

void
doctor_openvpn(struct doctor *doctor)
{
	report_set_area(&doctor->report, "openvpn");
	if (access(PROGRAM, X_OK) != 0 ||
	    !doctor_caches_matter(doctor, SERVICES))
		return;
	for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
		glob_t found = {0};

		(void)glob(FILES[i], 0, NULL, &found);
		for (size_t k = 0; k < found.gl_pathc; k++)
			judge_file(doctor, found.gl_pathv[k]);
		globfree(&found);
	}
}
