/*
 * syslog(3) blocks for ever when nobody reads the log any more. Callers wait
 * here first, for a limited time, and then do without the line.
 */
#ifndef APITOKEN_SYSLOG_WAIT_H
#define APITOKEN_SYSLOG_WAIT_H

#include <stdbool.h>

#define SYSLOG_SOCKET "/dev/log" /* what syslog(3) writes to */

/*
 * How long a line waits, in milliseconds: enough for the log to restart or to
 * flush, so that flooding it hides nothing.
 */
#define SYSLOG_PATIENCE 5000

/*
 * Waits until the log at a socket has room for a line, at most for so many
 * milliseconds, and returns whether it has. After a wait in vain this process
 * does not wait again until there is room. True if no log is listening, since
 * syslog(3) does not block then.
 */
bool syslog_wait(const char *path, int patience);

#endif
