/* Judges every line that the module logs. */
#ifndef APITOKEN_LOG_CHECK_H
#define APITOKEN_LOG_CHECK_H

/*
 * The secret that must not appear from now on; it must stay valid. NULL: none.
 */
void log_check_secret(const char *secret);

void log_check(const char *line);

#endif
