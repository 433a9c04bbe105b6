/*
 * Writes a line to the log, from a process that may have threads, and fork.
 *
 * syslog(3) holds a lock that no child may ever have again: one that a host
 * forks while a thread of it is in there hangs at its first line. So a fork
 * waits for our own calls, for a short time; a child that was forked in spite
 * of one writes nothing. Those of the host itself are its own matter.
 */
#ifndef APITOKEN_SYSLOG_SEND_H
#define APITOKEN_SYSLOG_SEND_H

#include <stdbool.h>

/*
 * Facility authpriv. Waits for the log for so many milliseconds at most, see
 * syslog_wait.h. Returns whether it was written.
 */
bool syslog_send(int level, const char *text, int patience);

#endif
