/* Notifies the service manager: sd_notify(3), without its library. */
#ifndef TOKENADM_SD_NOTIFY_H
#define TOKENADM_SD_NOTIFY_H

/*
 * Sends a state, such as READY=1, to the socket named by NOTIFY_SOCKET in the
 * environment. Silently does nothing without one.
 */
void notify_manager(const char *state);

#endif
