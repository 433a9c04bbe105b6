/* Settings in vsftpd's configuration, as vsftpd reads them (parseconf.c). */
#ifndef TOKENADM_VSFTPD_CONFIG_H
#define TOKENADM_VSFTPD_CONFIG_H

#include <stdbool.h>

#include "base/parse.h"

#define VSFTPD_PROGRAM "/usr/sbin/vsftpd"
#define VSFTPD_VALUE_SIZE 512

/* The file of the daemon that is installed, no FIFO; NULL: there is none. */
const char *vsftpd_config_file(void);

/*
 * Gets the last value of a setting, with blanks and line ends of Windows, which
 * belong to it. The given value stays if there is no such line.
 */
void vsftpd_config_read(
    const char *file, const char *key, char value[VSFTPD_VALUE_SIZE]);

/* Whether a setting is YES, which it is without a line if usually so. */
bool vsftpd_config_is_on(const char *file, const char *key, bool usual);

/* The service as which it asks PAM, as libpam takes it (pam_start.c). */
void vsftpd_config_service(
    const char *file, char service[PARSE_SERVICE_MAX + 1]);

#endif
