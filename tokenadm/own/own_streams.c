#include "own/own_streams.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/deadline.h"
#include "cli/ask.h"
#include "door/door_knock.h"
#include "own/own_packet.h"

#define WRITE_PATIENCE 60000 /* milliseconds for the other side to write */
#define ASK_PATIENCE 100000  /* milliseconds for somebody to type */
/*
 * Milliseconds for all of it: door_listener.c ends this process a while later,
 * when what could not be written was withdrawn.
 */
#define PATIENCE 150000

/* Of this process: it serves one caller. */
static int connection = -1;
static int ends = -1;    /* readable when the door ends: SIGTERM */
static int64_t deadline; /* of the waits for the other side */

/* Waits for the other side to say something; not if the door ends. */
static bool
await(int patience)
{
	struct pollfd fds[] = {
	    {.fd = connection, .events = POLLIN},
	    {.fd = ends, .events = POLLIN},
	};
	int left = deadline_poll(deadline);

	return poll(fds, 2, left < patience ? left : patience) > 0 &&
	    fds[1].revents == 0;
}

/* Waits for an answer of this kind, and copies its text. */
static bool
take_answer(enum own_kind wanted, int patience, char answer[OWN_TEXT_MAX + 1])
{
	return await(patience) && own_packet_take(connection, wanted, answer);
}

static ssize_t
write_output(void *cookie, const char *text, size_t len)
{
	char none[OWN_TEXT_MAX + 1];

	(void)cookie;
	/* All of it: glibc does not try the rest again. */
	for (size_t at = 0, part; at < len; at += part) {
		part = len - at < OWN_TEXT_MAX ? len - at : OWN_TEXT_MAX;
		if (!own_packet_send(connection, OWN_OUTPUT, text + at, part) ||
		    !take_answer(OWN_WRITTEN, WRITE_PATIENCE, none)) {
			errno = EPIPE;
			return 0;
		}
	}
	return (ssize_t)len;
}

static ssize_t
write_errors(void *cookie, const char *text, size_t len)
{
	(void)cookie;
	for (size_t at = 0, part; at < len; at += part) {
		part = len - at < OWN_TEXT_MAX ? len - at : OWN_TEXT_MAX;
		if (!own_packet_send(connection, OWN_ERRORS, text + at, part))
			return 0;
	}
	return (ssize_t)len;
}

static enum err
set_input(const void *bytes, size_t len, struct error *why)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	bool is_set = fd >= 0 && write(fd, bytes, len) == (ssize_t)len &&
	    lseek(fd, 0, SEEK_SET) == 0 && dup2(fd, STDIN_FILENO) >= 0;

	if (fd >= 0 && fd != STDIN_FILENO)
		(void)close(fd);
	return is_set
	    ? ERR_OK
	    : error_set(why, ERR_SYSTEM, "standard input: %s", strerror(errno));
}

/* For ask.h. */
static bool
answer_question(const char *question, char *answer, size_t size)
{
	char text[OWN_TEXT_MAX + 1];

	if (!own_streams_ask(false, question, text))
		return false;
	(void)snprintf(answer, size, "%s", text);
	return true;
}

static bool
take_piece(char piece[OWN_TEXT_MAX], size_t *len)
{
	return own_packet_send(connection, OWN_MORE, "", 0) &&
	    await(WRITE_PATIENCE) &&
	    own_packet_take_bytes(connection, OWN_INPUT, piece, len);
}

enum err
own_streams_fetch_input(size_t size, struct error *why)
{
	char piece[OWN_TEXT_MAX];
	char *bytes = malloc(size);
	size_t have = 0, len = 1;
	enum err rc = ERR_SYSTEM;

	if (bytes == NULL)
		return error_plain(why, ERR_NOMEM);
	while (have < size && len > 0) {
		if (!take_piece(piece, &len)) {
			rc = error_set(why, rc,
			    "standard input: whoever asks does not send it");
			goto out;
		}
		/* Who wants less of it has enough. */
		if (len > size - have)
			len = size - have;
		memcpy(bytes + have, piece, len);
		have += len;
	}
	rc = set_input(bytes, have, why);
out:
	crypto_wipe(bytes, size);
	free(bytes);
	return rc;
}

enum err
own_streams_begin(int fd, const struct own_request *request, struct error *why)
{
	FILE *output = fopencookie(
	    NULL, "w", (cookie_io_functions_t){.write = write_output});
	FILE *errors = fopencookie(
	    NULL, "w", (cookie_io_functions_t){.write = write_errors});

	sigset_t set;

	if (output == NULL || errors == NULL)
		return error_plain(why, ERR_NOMEM);
	/* It is blocked, see door_worker.c. */
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	ends = signalfd(-1, &set, SFD_CLOEXEC);
	if (ends < 0)
		return error_plain(why, ERR_SYSTEM);
	deadline = deadline_in(PATIENCE);
	connection = fd;
	/* glibc: these are variables, stdio(3). */
	(void)setvbuf(errors, NULL, _IOLBF, 0);
	stdout = output;
	stderr = errors;
	terminal_set(&request->terminal);
	ask_set(answer_question);
	return set_input(request->input, request->input_len, why);
}

bool
own_streams_ask(
    bool is_hidden, const char *question, char answer[OWN_TEXT_MAX + 1])
{
	size_t len = strnlen(question, OWN_TEXT_MAX);

	return own_packet_send(connection, is_hidden ? OWN_ASK_HIDDEN : OWN_ASK,
		   question, len) &&
	    take_answer(OWN_ANSWER, ASK_PATIENCE, answer);
}

bool
own_streams_are_there(void)
{
	struct pollfd end = {.fd = connection, .events = POLLRDHUP};

	return poll(&end, 1, 0) == 0;
}

void
own_streams_end(int code, const char *failure)
{
	(void)fflush(stdout);
	(void)fflush(stderr);
	own_packet_send_end(connection, code, failure);
}
