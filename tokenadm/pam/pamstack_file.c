/* Reads a stack's files, and finds problems with them. */
#include "pam/pamstack_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((size_t)256 * 1024)
#define PROBLEMS_MAX 64

enum err
pamstack_add_problem(struct pamstack *stack, const char *file, size_t number,
    const char *format, ...)
{
	struct pamstack_problem *problem;
	va_list values;

	if (stack->problems == NULL)
		stack->problems = calloc(
		    PROBLEMS_MAX, sizeof(*stack->problems));
	if (stack->problems == NULL)
		return ERR_NOMEM;
	if (stack->problem_count == PROBLEMS_MAX)
		return ERR_OK;
	problem = &stack->problems[stack->problem_count++];
	problem->file = file;
	problem->number = number;
	va_start(values, format);
	(void)vsnprintf(
	    problem->text.text, sizeof(problem->text.text), format, values);
	va_end(values);
	return ERR_OK;
}

static ssize_t
read_all(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t got = 0;

	while (len < size && (got = read(fd, text + len, size - len)) > 0)
		len += (size_t)got;
	return got < 0 ? -1 : (ssize_t)len;
}

/* What libpam does with it: it reads anything it can open. */
static enum err
add_no_file(struct pamstack *stack, const char *file, const struct stat *status)
{
	if (S_ISDIR(status->st_mode))
		return pamstack_add_problem(
		    stack, file, 0, "a directory: to PAM it is empty");
	stack->is_refused = true;
	return pamstack_add_problem(stack, file, 0,
	    S_ISFIFO(status->st_mode)
		? "a FIFO: PAM waits until somebody writes to it"
		: "a device: PAM reads it, be it without end");
}

enum err
pamstack_read_file(
    struct pamstack *stack, const char *file, char **text, ssize_t *len)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	enum err rc = ERR_NOMEM;

	*len = -1;
	if (fd < 0)
		return pamstack_add_problem(
		    stack, file, 0, "cannot be read: %s", strerror(errno));
	*text = pool_room(&stack->texts, FILE_MAX);
	if (*text == NULL)
		goto out;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		*len = 0;
		rc = add_no_file(stack, file, &status);
		goto out;
	}
	*len = read_all(fd, *text, FILE_MAX);
	rc = *len >= 0 && *len < (ssize_t)FILE_MAX
	    ? ERR_OK
	    : pamstack_add_problem(
		  stack, file, 0, "too long, or it cannot be read in full");
out:
	(void)close(fd);
	return rc;
}

enum err
pamstack_judge_bytes(
    struct pamstack *stack, const char *file, const char *text, size_t len)
{
	const char *found = memmem(text, len, "\r\n", 2);
	enum err rc = ERR_OK;

	if (found != NULL)
		rc = pamstack_add_problem(stack, file, 0,
		    "Windows line ends: to PAM the carriage return belongs to "
		    "the last word");
	if (found != NULL && rc == ERR_OK && stack->problem_count > 0)
		stack->problems[stack->problem_count - 1].has_returns = true;
	if (rc == ERR_OK && memchr(text, '\0', len) != NULL)
		rc = pamstack_add_problem(stack, file, 0,
		    "a NUL byte: PAM ignores the rest of its line");
	return rc;
}
