/* sshd's settings, as `sshd -T` prints them. */
#ifndef TOKENADM_SSHD_SETTINGS_H
#define TOKENADM_SSHD_SETTINGS_H

#include <stdbool.h>

#include "base/error.h"
#include "doctor/sshd_match.h"

#define SSHD_VALUE_SIZE 512

/*
 * Runs `sshd -T`, for a login or (NULL) outside of Match blocks. *said is what
 * it printed; free it. What is not known of the login matches no block.
 * ERR_NOT_FOUND: no sshd is installed. ERR_CONFIG: it does not read its
 * settings; why is the line with which it fails. ERR_NOMEM, ERR_SYSTEM.
 */
enum err sshd_settings_read(
    char **said, const struct sshd_login *login, struct error *why);

/*
 * Gets the next value of a setting, in lower case, and moves *said past it.
 * False: there are no more.
 */
bool sshd_settings_next(
    const char **said, const char *name, char value[SSHD_VALUE_SIZE]);

/* The service as which it asks PAM: sshd, or its PAMServiceName. */
void sshd_settings_service(const char *said, char name[SSHD_VALUE_SIZE]);

/* Whether the first value of a setting is this one. */
bool sshd_settings_are(const char *said, const char *name, const char *wanted);

/* Sets what the settings say of any login: port and uses_dns. */
void sshd_settings_login(const char *said, struct sshd_login *login);

#endif
