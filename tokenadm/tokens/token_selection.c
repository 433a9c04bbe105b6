#include "tokens/token_selection.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "tokens/token_lookup.h"
#include "tokens/token_pages.h"
#include "tokens/transaction.h"

#define LINE_SIZE 4096 /* of standard input */

enum err
select_add(struct selection *selection, const struct record *record)
{
	struct record *grown;

	/* Ignore repeats. */
	for (size_t i = 0; i < selection->count; i++) {
		if (strcmp(selection->records[i].id, record->id) == 0)
			return ERR_OK;
	}
	grown = reallocarray(
	    selection->records, selection->count + 1, sizeof(*grown));
	if (grown == NULL)
		return ERR_NOMEM;
	grown[selection->count++] = *record;
	selection->records = grown;
	return ERR_OK;
}

static enum err
add(const struct record *record, const struct last_use *usage, void *arg)
{
	(void)usage;
	return select_add(arg, record);
}

void
select_free(struct selection *selection)
{
	free(selection->records);
	*selection = (struct selection){0};
}

static enum err
find_operands(struct context *context, const struct args *args,
    find_wanted *wanted, struct found *found)
{
	struct store *store;
	enum err rc = transaction_read(&store, context);

	if (rc != ERR_OK)
		return rc;
	for (int i = 0; rc == ERR_OK && i < args->operand_count; i++)
		rc = find_token(
		    context, store, args->operands[i], wanted, &found[i]);
	store_close(store);
	return rc;
}

static enum err
select_operands(struct context *context, const struct args *args,
    find_wanted *wanted, struct selection *selection)
{
	size_t count = (size_t)args->operand_count;
	struct found *found = calloc(count, sizeof(*found));
	enum err rc;

	if (found == NULL)
		return ERR_NOMEM;
	rc = find_operands(context, args, wanted, found);
	for (size_t i = 0; rc == ERR_OK && i < count; i++) {
		if (wanted != NULL)
			find_say(&found[i]);
		rc = select_add(selection, &found[i].record);
	}
	free(found);
	return rc;
}

enum err
select_tokens(struct context *context, const struct args *args,
    const char *user, find_wanted *wanted, struct selection *selection)
{
	enum err rc;

	*selection = (struct selection){0};
	if ((user != NULL) == (args->operand_count > 0))
		return error_about(&context->error, "token", NULL,
		    error_set(&context->error, ERR_USAGE,
			"give either TOKEN... or --user"));
	if (user == NULL)
		return select_operands(context, args, wanted, selection);
	rc = token_pages_each(context, user, add, selection);
	if (rc == ERR_OK && selection->count == 0)
		rc = error_about(&context->error, "user", NULL,
		    error_set(&context->error, ERR_NOT_FOUND,
			"user `%s`: has no tokens", user));
	return rc;
}

/*
 * The only token in a line, whatever is around it, such as TOKEN=atk_...; cuts
 * off what follows. NULL for none, one that goes on, or more than one. Anything
 * may precede it, as in \natk_..., %0Aatk_... or MY_TOKEN_atk_...: the checksum
 * shows where it begins.
 */
static char *
cut_out(char *line)
{
	char *text = (char *)(uintptr_t)token_find(line);
	size_t len;

	if (text == NULL)
		return NULL;
	len = token_span(text);
	if ((len != TOKEN_LEN && len != TOKEN_SHORT_LEN) ||
	    token_find(text + len) != NULL)
		return NULL;
	text[len] = '\0';
	return text;
}

/* Of the tokens in this store; its owner may have to be hidden. */
static enum err
find_here(struct context *context, struct store *store, const char *text,
    const char *id, struct selection *selection)
{
	struct record record;
	enum err rc = store_get(store, id, &record, &context->error);

	if (find_is_hidden(context, rc, &record) ||
	    (rc == ERR_OK && !store_matches(store, text, &record)))
		rc = ERR_NOT_FOUND;
	return rc == ERR_OK ? select_add(selection, &record) : rc;
}

/* Looks up one line; errors must not quote it. */
static enum err
find_text(struct context *context, char *given, unsigned line,
    struct selection *selection, select_elsewhere *elsewhere, void *arg)
{
	const char *text = cut_out(given);
	char id[TOKEN_ID_LEN + 1];
	struct store *store;
	enum err rc;

	if (text == NULL || !token_parse(text, id))
		return error_about(&context->error, "stdin", NULL,
		    error_set(&context->error, ERR_INVALID,
			"standard input, line %u: not one whole token", line));
	rc = transaction_read(&store, context);
	if (rc != ERR_OK)
		return rc;
	rc = find_here(context, store, text, id, selection);
	if (rc == ERR_NOT_FOUND && elsewhere != NULL)
		rc = elsewhere(store, text, id, arg);
	if (rc == ERR_NOT_FOUND)
		rc = error_about(&context->error, "stdin", NULL,
		    error_set(&context->error, ERR_NOT_FOUND,
			"standard input, line %u: no such token", line));
	store_close(store);
	return rc;
}

enum err
select_from_stdin(struct context *context, struct selection *selection,
    select_elsewhere *elsewhere, void *arg)
{
	char text[LINE_SIZE];
	bool is_any = false;
	enum err rc = ERR_OK;

	*selection = (struct selection){0};
	ask_lines("Tokens to revoke");
	/* Leave no copy of a token in a stdio buffer. */
	(void)setvbuf(stdin, NULL, _IONBF, 0);
	for (unsigned line = 1; rc == ERR_OK; line++) {
		if (fgets(text, sizeof(text), stdin) == NULL)
			break;
		if (strlen(text) == sizeof(text) - 1)
			rc = error_about(&context->error, "stdin", NULL,
			    error_set(&context->error, ERR_INVALID,
				"standard input, line %u: longer than %zu "
				"bytes",
				line, sizeof(text) - 2));
		text[strcspn(text, "\r\n")] = '\0';
		if (rc != ERR_OK || text[0] == '\0')
			continue;
		is_any = true;
		rc = find_text(context, text, line, selection, elsewhere, arg);
	}
	crypto_wipe(text, sizeof(text));
	if (rc == ERR_OK && !is_any)
		rc = error_about(&context->error, "stdin", NULL,
		    error_set(&context->error, ERR_INVALID,
			"standard input: give tokens there, one a line"));
	return rc;
}
