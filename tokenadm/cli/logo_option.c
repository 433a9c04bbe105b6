#include "cli/logo_option.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/retry.h"
#include "cli/terminal.h"

#define SIZE LOGO_OPTION_SIZE

/* To its end or to SIZE. */
static enum err
read_all(int fd, uint8_t bytes[SIZE], size_t *len)
{
	ssize_t got = 1;

	for (*len = 0; *len < SIZE && got > 0; *len += (size_t)got) {
		got = retry_read(fd, bytes + *len, SIZE - *len);
		if (got < 0)
			return ERR_SYSTEM;
	}
	return ERR_OK;
}

/* For programs: all that is wrong here is wrong with this option. */
static enum err
about(enum err rc, struct error *why)
{
	return error_about(why, "logo", NULL, rc);
}

static enum err
load(struct logo *logo, int fd, const char *value, struct error *why)
{
	uint8_t *bytes = malloc(SIZE);
	size_t len;
	enum err rc;

	if (bytes == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = read_all(fd, bytes, &len);
	rc = rc == ERR_OK ? logo_set(logo, bytes, len, value, why)
			  : error_set(why, rc, "logo `%s`: cannot read: %s",
				value, strerror(errno));
	free(bytes);
	return about(rc, why);
}

enum err
logo_option_check_input(struct error *why)
{
	enum err rc;

	if (!terminal_get().has_input)
		return ERR_OK;
	rc = error_set(why, ERR_INVALID,
	    "logo `" LOGO_OPTION_INPUT
	    "`: standard input is a terminal; name a file, or redirect one");
	return about(rc, why);
}

enum err
logo_option_load(struct logo *logo, const char *value, struct error *why)
{
	enum err rc;
	int fd;

	if (strcmp(value, LOGO_OPTION_INPUT) == 0) {
		rc = logo_option_check_input(why);
		return rc == ERR_OK ? load(logo, STDIN_FILENO, value, why) : rc;
	}
	fd = retry_openat(AT_FDCWD, value, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
	if (fd < 0)
		return about(
		    error_set(why, ERR_INVALID, "logo `%s`: cannot open: %s",
			value, strerror(errno)),
		    why);
	rc = load(logo, fd, value, why);
	(void)close(fd);
	return rc;
}

const char *
logo_option_value(const struct args *args)
{
	for (size_t i = 0; args->specs[i].name != NULL; i++) {
		/* Of show, it is an option without a value. */
		if (args->specs[i].argument != NULL &&
		    strcmp(args->specs[i].name, "logo") == 0)
			return args->values[i];
	}
	return NULL;
}

bool
logo_option_is_input(const struct args *args)
{
	const char *value = logo_option_value(args);

	return value != NULL && strcmp(value, LOGO_OPTION_INPUT) == 0;
}

enum err
logo_option_read(struct logo_option *option, struct context *context,
    const struct args *args)
{
	const char *value = args_get(args, "logo");
	struct error *why = &context->error;
	enum err rc;

	*option = (struct logo_option){.is_given = value != NULL};
	if (value == NULL || strcmp(value, LOGO_OPTION_NONE) == 0)
		return ERR_OK;
	if (context->self != NULL && strcmp(value, LOGO_OPTION_INPUT) != 0)
		return about(
		    error_set(why, ERR_DENIED,
			"logo: at the door it comes on standard input"),
		    why);
	option->logo = malloc(sizeof(*option->logo));
	if (option->logo == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = logo_option_load(option->logo, value, why);
	context->now = time(NULL);
	if (rc != ERR_OK)
		logo_option_free(option);
	return rc;
}

void
logo_option_free(struct logo_option *option)
{
	free(option->logo);
	*option = (struct logo_option){.is_given = false};
}
