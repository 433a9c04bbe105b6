/*
 * The standard streams of a command that runs behind the door: what it writes
 * goes to whoever asks, what it reads came with the request or was fetched from
 * there.
 */
#ifndef TOKENADM_OWN_STREAMS_H
#define TOKENADM_OWN_STREAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "own/own_message.h"

/*
 * From now on, stdout and stderr of this process are packets at fd, and
 * standard input is that of the request. A write to stdout succeeds when the
 * other side says that it has written it: a token that nobody saw must not
 * live. ERR_SYSTEM.
 */
enum err own_streams_begin(
    int fd, const struct own_request *request, struct error *why);

/*
 * Asks the other side; the answer has no newline, and the caller wipes it.
 * False: there is none.
 */
bool own_streams_ask(
    bool is_hidden, const char *question, char answer[OWN_TEXT_MAX + 1]);

/*
 * Waits for all of what the other side has for standard input, at most size
 * bytes, so that no command waits for it later. ERR_SYSTEM, ERR_NOMEM.
 */
enum err own_streams_fetch_input(size_t size, struct error *why);

/* Whether the other side is still there: its process has its number yet. */
bool own_streams_are_there(void);

/* Says how the command ended: see own_end_encode. */
void own_streams_end(int code, const char *failure);

#endif
