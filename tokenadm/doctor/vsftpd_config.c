#include "doctor/vsftpd_config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/textfile.h"

const char *
vsftpd_config_file(void)
{
	static const char *const FILES[] = {
	    "/etc/vsftpd.conf", "/etc/vsftpd/vsftpd.conf"};

	for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
		FILE *file = textfile_open(FILES[i]);

		if (file == NULL)
			continue;
		(void)fclose(file);
		return access(VSFTPD_PROGRAM, X_OK) == 0 ? FILES[i] : NULL;
	}
	return NULL;
}

void
vsftpd_config_read(
    const char *file, const char *key, char value[VSFTPD_VALUE_SIZE])
{
	FILE *stream = textfile_open(file);
	size_t len = strlen(key), size = 0;
	char *line = NULL;

	while (stream != NULL && getline(&line, &size, stream) >= 0) {
		const char *text = line + strspn(line, " \t\r\v\f");

		line[strcspn(line, "\n")] = '\0';
		if (strncmp(text, key, len) == 0 && text[len] == '=')
			(void)snprintf(
			    value, VSFTPD_VALUE_SIZE, "%s", text + len + 1);
	}
	free(line);
	if (stream != NULL)
		(void)fclose(stream);
}

bool
vsftpd_config_is_on(const char *file, const char *key, bool usual)
{
	char value[VSFTPD_VALUE_SIZE];

	strcpy(value, usual ? "YES" : "NO");
	vsftpd_config_read(file, key, value);
	return strcasecmp(value, "YES") == 0 ||
	    strcasecmp(value, "TRUE") == 0 || strcmp(value, "1") == 0;
}

/* libpam takes the last part of the name, in lower case. */
void
vsftpd_config_service(const char *file, char service[PARSE_SERVICE_MAX + 1])
{
	char value[VSFTPD_VALUE_SIZE] = "vsftpd";
	const char *slash;

	vsftpd_config_read(file, "pam_service_name", value);
	slash = strrchr(value, '/');
	(void)snprintf(service, PARSE_SERVICE_MAX + 1, "%s",
	    slash != NULL ? slash + 1 : value);
	for (char *c = service; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
}
