#include "own/front_logo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/retry.h"
#include "cli/logo_option.h"
#include "own/own_packet.h"

/* Of show, it is an option without a value. */
static bool
is_file(const struct option_spec *spec)
{
	return spec->argument != NULL && strcmp(spec->name, "logo") == 0;
}

const char *
front_logo_value(const struct option_spec *spec, const char *value)
{
	return is_file(spec) && strcmp(value, LOGO_OPTION_NONE) != 0
	    ? LOGO_OPTION_INPUT
	    : value;
}

enum err
front_logo_begin(
    struct front_logo *logo, const struct args *args, struct error *why)
{
	const char *value = logo_option_value(args);

	*logo = (struct front_logo){.file = NULL};
	if (value == NULL || strcmp(value, LOGO_OPTION_NONE) == 0)
		return ERR_OK;
	logo->is_input = strcmp(value, LOGO_OPTION_INPUT) == 0;
	if (logo->is_input)
		return logo_option_check_input(why);
	logo->file = malloc(sizeof(*logo->file));
	return logo->file != NULL ? logo_option_load(logo->file, value, why)
				  : error_plain(why, ERR_NOMEM);
}

/* Sets *piece to at most OWN_TEXT_MAX bytes; returns how many, or -1. */
static ssize_t
next_piece(struct front_logo *logo, char room[OWN_TEXT_MAX], const char **piece)
{
	size_t len;

	*piece = room;
	if (logo->file == NULL)
		return retry_read(STDIN_FILENO, room, OWN_TEXT_MAX);
	len = logo->file->len - logo->sent;
	if (len > OWN_TEXT_MAX)
		len = OWN_TEXT_MAX;
	*piece = (const char *)logo->file->bytes + logo->sent;
	logo->sent += len;
	return (ssize_t)len;
}

enum err
front_logo_send(struct front_logo *logo, int fd, struct error *why)
{
	char room[OWN_TEXT_MAX];
	const char *piece;
	ssize_t len;

	if (!logo->is_input && logo->file == NULL)
		return error_set(why, ERR_DAMAGED,
		    "the door wants standard input, and there is none to give");
	len = next_piece(logo, room, &piece);
	if (len < 0)
		return error_set(why, ERR_SYSTEM, "logo `-`: cannot read: %s",
		    strerror(errno));
	return own_packet_send(fd, OWN_INPUT, piece, (size_t)len)
	    ? ERR_OK
	    : error_set(
		  why, ERR_SYSTEM, "the door has gone: %s", strerror(errno));
}

void
front_logo_end(struct front_logo *logo)
{
	free(logo->file);
	*logo = (struct front_logo){.file = NULL};
}
