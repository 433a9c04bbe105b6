#include "doctor/service_hosts.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/textfile.h"

/* Observed with Debian 12's packages; accounts are those of Debian and RHEL. */
static const struct service_host HOSTS[] = {
    {
	.services = {"nginx"},
	.name = "nginx",
	.processes = {"nginx"},
	.unit = "nginx",
	.accounts = {"www-data", "nginx"},
	.files = {"/etc/nginx/*.conf", "/etc/nginx/*/*"},
	.keywords = {"auth_pam_service_name"},
    },
    {
	.services = {"apache2", "httpd", "apache"},
	.name = "apache",
	.processes = {"apache2", "httpd"},
	.unit = "apache2",
	.accounts = {"www-data", "apache"},
	.files = {"/etc/apache2/*.conf", "/etc/apache2/*/*.conf",
	    "/etc/httpd/*/*.conf"},
	.keywords = {"AuthPAMService", "pam-account"},
    },
    {
	.services = {"postgresql"},
	.name = "PostgreSQL",
	.processes = {"postgres"},
	.unit = "postgresql@",
	.accounts = {"postgres"},
	.files = {"/etc/postgresql/*/*/pg_hba.conf",
	    "/var/lib/pgsql/data/pg_hba.conf",
	    "/var/lib/pgsql/*/data/pg_hba.conf"},
	.keywords = {"pamservice"},
    },
    {
	.services = {"squid"},
	.name = "squid",
	.processes = {"basic_pam_auth", "squid"},
	.unit = "squid",
	.accounts = {"proxy", "squid"},
	.files = {"/etc/squid/squid.conf", "/etc/squid/conf.d/*.conf"},
	.marker = "basic_pam_auth",
	.keywords = {"-n"},
    },
    {
	.services = {"radiusd", "freeradius"},
	.name = "FreeRADIUS",
	.processes = {"freeradius", "radiusd"},
	.unit = "freeradius",
	.accounts = {"freerad", "radiusd"},
	.files = {"/etc/freeradius/*/mods-enabled/*",
	    "/etc/raddb/mods-enabled/*", "/etc/freeradius/mods-enabled/*"},
	.keywords = {"pam_auth"},
    },
    /* Lockers of screens that are not set-uid run as who locks his screen. */
    {.services = {"i3lock", "swaylock", "hyprlock"},
	.name = "a screen locker",
	.is_personal = true},
    {.services = {"gtklock", "waylock", "vlock"},
	.name = "a screen locker",
	.is_personal = true},
    {.services = {"xscreensaver", "kde", "xlock"},
	.name = "a screen locker",
	.is_personal = true},
    {.services = {"cinnamon-screensaver", "mate-screensaver",
	 "gnome-screensaver"},
	.name = "a screen locker",
	.is_personal = true},
};
#define COUNT (sizeof(HOSTS) / sizeof(HOSTS[0]))

#define BLANKS " \t\r\n"
#define ENDS BLANKS "\"';),"

/* Whether the keyword, as a word, is followed by this name. */
static bool
has_name(const char *text, const char *keyword, const char *service)
{
	size_t len = strlen(keyword), name_len = strlen(service);
	const char *before = text;

	while ((text = strstr(text, keyword)) != NULL) {
		bool is_word = text == before ||
		    strchr(BLANKS "\"'", text[-1]) != NULL;

		text += len;
		if (!is_word || *text == '\0' ||
		    strchr(BLANKS "=\"'", *text) == NULL)
			continue;
		text += strspn(text, BLANKS "=\"'");
		if (strncmp(text, service, name_len) == 0 &&
		    (text[name_len] == '\0' ||
			strchr(ENDS, text[name_len]) != NULL))
			return true;
	}
	return false;
}

/* Whether a line of its configuration names the service. */
static bool
names(const struct service_host *host, const char *line, const char *service)
{
	const char *text = line + strspn(line, BLANKS);

	if (*text == '#')
		return false;
	if (host->marker != NULL)
		text = strstr(text, host->marker);
	if (text == NULL)
		return false;
	for (size_t i = 0; i < 2 && host->keywords[i] != NULL; i++) {
		if (has_name(text, host->keywords[i], service))
			return true;
	}
	return false;
}

static bool
is_named_in(const struct service_host *host, const char *path,
    const char *service, struct setting *place)
{
	FILE *file = textfile_open(path);
	char *line = NULL;
	size_t size = 0, number = 0;
	bool is_found = false;

	while (!is_found && file != NULL && getline(&line, &size, file) >= 0) {
		number++;
		is_found = names(host, line, service);
	}
	free(line);
	if (file != NULL)
		(void)fclose(file);
	if (is_found) {
		(void)snprintf(place->file, sizeof(place->file), "%s", path);
		place->number = number;
	}
	return is_found;
}

static bool
is_named(
    const struct service_host *host, const char *service, struct setting *place)
{
	bool is_found = false;

	for (size_t i = 0; !is_found && i < 4 && host->files[i] != NULL; i++) {
		glob_t found = {0};

		(void)glob(host->files[i], 0, NULL, &found);
		for (size_t j = 0; j < found.gl_pathc && !is_found; j++)
			is_found = is_named_in(
			    host, found.gl_pathv[j], service, place);
		globfree(&found);
	}
	return is_found;
}

static bool
is_usual(const struct service_host *host, const char *service)
{
	for (size_t i = 0; i < 4 && host->services[i] != NULL; i++) {
		if (strcmp(host->services[i], service) == 0)
			return true;
	}
	return false;
}

const struct service_host *
service_hosts_find(const char *service, struct setting *place)
{
	*place = (struct setting){0};
	for (size_t i = 0; i < COUNT; i++) {
		if (is_usual(&HOSTS[i], service) ||
		    is_named(&HOSTS[i], service, place))
			return &HOSTS[i];
	}
	return NULL;
}
