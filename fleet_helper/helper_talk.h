/*
 * What a program of ours hears from tokenadm, and says to it: frames over one
 * socket, see fleet_frame.h.
 */
#ifndef APITOKEN_HELPER_TALK_H
#define APITOKEN_HELPER_TALK_H

#include "base/error.h"
#include "fleet/fleet_frame.h"

struct helper_talk {
	int socket;
	size_t len;
	uint8_t in[FLEET_FRAME_HEAD + FLEET_FRAME_MAX];
};

/* Deals with a frame. Any error ends the talk. */
typedef enum err helper_taker(void *arg, const struct fleet_frame *frame);

/*
 * Receives once, and has take deal with all frames that are whole; what they
 * were is wiped. ERR_OK, and *is_over: the other side is gone. ERR_INVALID: it
 * does not keep to the protocol. ERR_SYSTEM, or what take returns.
 */
enum err helper_talk_hear(
    struct helper_talk *talk, helper_taker *take, void *arg, bool *is_over);

/* Whether more has come than the frame that is being dealt with. */
bool helper_talk_has_more(
    const struct helper_talk *talk, const struct fleet_frame *frame);

/* Sends a frame whose body is in two parts. ERR_SYSTEM. */
enum err helper_talk_send(const struct helper_talk *talk,
    enum fleet_frame_kind kind, const void *front, size_t front_len,
    const void *back, size_t back_len);

/* Sends the end of an answer. ERR_SYSTEM. */
enum err helper_talk_end(
    const struct helper_talk *talk, enum err answer, const struct error *why);

/*
 * What main does: without environment and rights, serves what is at standard
 * input. name is that of the program; returns its exit status.
 */
int helper_main(const char *name, enum err (*serve)(int socket));

#endif
