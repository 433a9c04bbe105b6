/* Answers what tokenadm asks, over one socket: see fleet_frame.h. */
#ifndef APITOKEN_HTTPS_SERVE_H
#define APITOKEN_HTTPS_SERVE_H

#include "base/error.h"

/*
 * Serves until the other side is gone (ERR_OK), or does not keep to the
 * protocol (ERR_INVALID).
 */
enum err https_serve(int socket);

#endif
