#include "cli/outcome.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/text.h"

int
outcome_exit_code(enum err rc)
{
	switch (rc) {
	case ERR_OK:
		return 0;
	case ERR_USAGE:
	case ERR_INVALID:
		return 2;
	default:
		return 1;
	}
}

enum err
outcome_report(struct context *context, enum err rc)
{
	const char *text = context->error.text;

	if (rc == ERR_OK && text_flush(stdout) != ERR_OK)
		rc = text_not_written(&context->error);
	/* A refusal may have been shown already. */
	if (rc == ERR_OK || context->is_reported ||
	    (rc == ERR_REFUSED && text[0] == '\0'))
		return rc;
	fputs("tokenadm: ", stderr);
	text_print(stderr, text[0] != '\0' ? text : error_name(rc));
	if (rc == ERR_DENIED && geteuid() != 0)
		fputs(" (run as root)", stderr);
	fputc('\n', stderr);
	return rc;
}
