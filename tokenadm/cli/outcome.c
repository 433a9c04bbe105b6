#include "cli/outcome.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/text.h"

#define OUT_OF_MEMORY                                                          \
	"{\"field\": null, \"code\": \"no_memory\", "                          \
	"\"message\": \"out of memory\"}"

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

/* Whether there is something to say: a refusal may have been shown already. */
static bool
has_message(const struct context *context, enum err rc)
{
	return rc != ERR_OK && !context->is_reported &&
	    (rc != ERR_REFUSED || context->error.text[0] != '\0');
}

static void
print_message(FILE *stream, const struct context *context, enum err rc)
{
	const char *text = context->error.text;

	text_print(stream, text[0] != '\0' ? text : error_name(rc));
	if (rc == ERR_DENIED && geteuid() != 0)
		fputs(" (run as root)", stream);
}

static json_t *
object_of(const struct context *context, enum err rc)
{
	const struct error *error = &context->error;
	/* Without a text it is of something before. */
	const char *field = error->text[0] != '\0' ? error->field : NULL;
	const char *word = error->text[0] != '\0' ? error->word : NULL;
	char *message = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&message, &size);
	json_t *object = NULL;

	if (stream == NULL)
		return NULL;
	print_message(stream, context, rc);
	if (fclose(stream) == 0)
		object = json_pack("{s:s?, s:s, s:s}", "field", field, "code",
		    word != NULL ? word : error_word(rc), "message", message);
	free(message);
	return object;
}

char *
outcome_json(const struct context *context, enum err rc)
{
	json_t *object = has_message(context, rc) ? object_of(context, rc)
						  : NULL;
	char *line = NULL;

	if (object != NULL)
		line = json_dumps(object, JSON_PRESERVE_ORDER);
	json_decref(object);
	return line;
}

static void
print_json(const struct context *context, enum err rc)
{
	char *line = outcome_json(context, rc);

	puts(line != NULL ? line : OUT_OF_MEMORY);
	free(line);
	(void)fflush(stdout);
}

enum err
outcome_report(struct context *context, enum err rc)
{
	if (rc == ERR_OK && text_flush(stdout) != ERR_OK)
		rc = text_not_written(&context->error);
	if (!has_message(context, rc))
		return rc;
	fputs("tokenadm: ", stderr);
	print_message(stderr, context, rc);
	fputc('\n', stderr);
	if (context->is_json)
		print_json(context, rc);
	return rc;
}
