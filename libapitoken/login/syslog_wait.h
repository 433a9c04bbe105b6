/*
 * syslog(3) waits for ever where nobody reads the log any more. Whoever asks
 * here before waits for a while, and can then do without the line.
 */
#ifndef APITOKEN_SYSLOG_WAIT_H
#define APITOKEN_SYSLOG_WAIT_H

#include <stdbool.h>

#define SYSLOG_SOCKET "/dev/log" /* what syslog(3) writes to */

/*
 * How long a line waits, in milliseconds: for as long as a log is restarted or
 * sees to its disk, so that whoever floods it hides nothing.
 */
#define SYSLOG_PATIENCE 5000

/*
 * Waits until the log at a socket has room for a line, or for so many
 * milliseconds, and tells whether it has. After a wait in vain none of this
 * process waits any more, until there was room again. Where no log is listening
 * the answer is yes, since syslog(3) does not wait there.
 */
bool syslog_wait(const char *path, int patience);

#endif
