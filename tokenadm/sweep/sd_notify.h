/* Telling the service manager how we are: sd_notify(3), without its library. */
#ifndef TOKENADM_SD_NOTIFY_H
#define TOKENADM_SD_NOTIFY_H

/*
 * Sends a state, such as READY=1, to the socket that the environment names as
 * NOTIFY_SOCKET. Nothing is done, and nothing said, where there is none.
 */
void notify_manager(const char *state);

#endif
