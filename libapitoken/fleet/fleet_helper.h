/*
 * A program of ours that runs with fewer rights, and answers over a socket:
 * see fleet_frame.h. One that does not answer in time, or what is not
 * understood, is ended; the next question starts another.
 */
#ifndef APITOKEN_FLEET_HELPER_H
#define APITOKEN_FLEET_HELPER_H

#include <sys/types.h>

#include "fleet/fleet_frame.h"

struct fleet_helper {
	pid_t pid;        /* 0: it does not run */
	const char *name; /* as errors call it */
	int socket;       /* its standard input */
	size_t len, taken;
	uint8_t in[FLEET_FRAME_HEAD + FLEET_FRAME_MAX];
};

/*
 * Starts the program, whose path has to last, without arguments and
 * environment. ERR_MISSING: it is not there; ERR_SYSTEM.
 */
enum err fleet_helper_start(
    struct fleet_helper *helper, const char *path, struct error *why);

/* Ends it, whatever it does. */
void fleet_helper_end(struct fleet_helper *helper);

/*
 * Sends a frame whose body is in two parts. Deadlines are deadline_in's.
 * ERR_BUSY, ERR_SYSTEM: the helper has been ended.
 */
enum err fleet_helper_send(struct fleet_helper *helper,
    enum fleet_frame_kind kind, const void *front, size_t front_len,
    const void *back, size_t back_len, int64_t deadline, struct error *why);

/*
 * Receives the next frame, which is valid until the next call. Errors as above.
 */
enum err fleet_helper_receive(struct fleet_helper *helper,
    struct fleet_frame *frame, int64_t deadline, struct error *why);

/*
 * Waits until something is there to be received or wake (-1: none) is readable.
 */
void fleet_helper_wait(
    const struct fleet_helper *helper, int wake, int64_t deadline);

#endif
