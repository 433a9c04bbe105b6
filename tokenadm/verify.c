#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "command.h"
#include "judge.h"
#include "list.h"
#include "store.h"
#include "table.h"
#include "text.h"

#define INTERRUPT '\003' /* Ctrl-C, while it is no signal */

/*
 * Switches the echo of a terminal, and with it the keys that would end us with
 * the echo off; nothing happens to anything else.
 */
static void
set_echo(int fd, bool on)
{
	struct termios settings;

	if (tcgetattr(fd, &settings) != 0)
		return;
	if (on)
		settings.c_lflag |= (tcflag_t)(ECHO | ISIG);
	else
		settings.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	(void)tcsetattr(fd, TCSAFLUSH, &settings);
}

/* Reads one line, unbuffered, so that no copy of it stays behind. */
static enum err
read_token(char text[], size_t size, struct error *why)
{
	bool asks = isatty(STDIN_FILENO);
	size_t len = 0;
	ssize_t got = 0;

	if (asks) {
		fputs("Token: ", stderr);
		set_echo(STDIN_FILENO, false);
	}
	while (len < size && (got = read(STDIN_FILENO, text + len, 1)) == 1 &&
	    text[len] != '\n' && text[len] != INTERRUPT)
		len++;
	if (len < size && got == 1 && text[len] == INTERRUPT)
		len = 0;
	if (asks) {
		set_echo(STDIN_FILENO, true);
		fputc('\n', stderr);
	}
	if (got < 0)
		return error_set(
		    why, ERR_SYSTEM, "standard input: cannot be read");
	if (len == 0)
		return error_set(why, ERR_INVALID,
		    "standard input: give the token there, on a line");
	text[len < size ? len : size - 1] = '\0';
	return ERR_OK;
}

/* What there is to say of a check beside its outcome. */
static void
detail_of(char *text, size_t size, enum check check,
    const struct verdict *verdict, const struct record *record,
    const struct candidate *candidate)
{
	char when[PARSE_TIME_LEN + 1];

	text[0] = '\0';
	switch (check) {
	case CHECK_FORM:
	case CHECK_DIGEST:
	case CHECK_CLOCK:
		break;
	case CHECK_KNOWN:
		(void)snprintf(text, size, "id %s", candidate->id);
		break;
	case CHECK_OWNER:
		(void)snprintf(text, size, "issued to %s, uid %lu",
		    record->user, (unsigned long)record->uid);
		break;
	case CHECK_ACCOUNT:
		(void)snprintf(text, size, "%s",
		    account_reason_name(verdict->account_reason));
		break;
	case CHECK_STATE:
		(void)snprintf(
		    text, size, "%s", record_state_name(record->state));
		break;
	case CHECK_EXPIRY:
		text_time(record->expires, when);
		(void)snprintf(text, size, "%s", when);
		break;
	case CHECK_SERVICE:
		(void)snprintf(text, size, "issued for %s", record->services);
		break;
	case CHECK_SCOPES:
		(void)snprintf(text, size, "has %s, needs %s", record->scopes,
		    candidate->request.need);
		break;
	case CHECK_ADDRESS:
		(void)snprintf(text, size, "%s",
		    record->from_count == 0 ? "from anywhere"
					    : "from its networks only");
		break;
	}
}

static enum err
print_checks(const struct verdict *verdict, const struct record *record,
    const struct candidate *candidate)
{
	static const char *const COLUMNS[] = {"CHECK", "OUTCOME", "DETAIL"};
	static const char *const OUTCOMES[] = {
	    [OUTCOME_SKIPPED] = "-",
	    [OUTCOME_PASSED] = "passed",
	    [OUTCOME_FAILED] = "FAILED",
	};
	struct table *table = table_new(COLUMNS, 3, true);
	enum err rc = table == NULL ? ERR_NOMEM : ERR_OK;

	for (unsigned i = 0; rc == ERR_OK && i < CHECK_COUNT; i++) {
		char detail[RECORD_SERVICES_MAX + 32] = "";
		const char *const cells[] = {
		    verdict_check_name((enum check)i),
		    OUTCOMES[verdict->outcome[i]],
		    detail,
		};

		if (verdict->outcome[i] != OUTCOME_SKIPPED)
			detail_of(detail, sizeof(detail), (enum check)i,
			    verdict, record, candidate);
		rc = table_add(table, cells, TABLE_PLAIN);
	}
	if (rc == ERR_OK)
		rc = table_print(table, stdout);
	table_free(table);
	return rc;
}

static enum err
read_need(const struct args *args, char need[RECORD_SCOPES_MAX + 1],
    struct error *why)
{
	const char *text = args_get(args, "need");
	char bad[LIST_WORD_MAX + 1];

	if (!list_parse(text != NULL ? text : VERDICT_DEFAULT_NEED,
		parse_is_scope, need, RECORD_SCOPES_MAX + 1, bad))
		return error_set(why, ERR_INVALID,
		    "need `%s`: give scopes, separated by commas", text);
	return ERR_OK;
}

static enum err
judge_and_print(struct context *context, const struct candidate *candidate)
{
	struct verdict verdict;
	struct record record;
	enum err rc = judge(
	    &verdict, &record, &context->config, candidate, &context->error);

	if (rc != ERR_OK)
		return rc;
	rc = print_checks(&verdict, &record, candidate);
	if (rc != ERR_OK)
		return error_plain(&context->error, rc);
	if (verdict.accepted) {
		puts("accepted");
		return ERR_OK;
	}
	printf("refused: %s\n", verdict_reason(&verdict));
	return ERR_REFUSED;
}

static enum err
run(struct context *context, const struct args *args)
{
	char text[1024], id[TOKEN_ID_LEN + 1], need[RECORD_SCOPES_MAX + 1];
	struct candidate candidate = {.id = id, .text = text};
	struct request *request = &candidate.request;
	struct error *why = &context->error;
	enum err rc;

	request->need = need;
	request->now = context->now;
	request->from = args_get(args, "from");
	rc = args_require(args, "user", &candidate.user, why);
	if (rc == ERR_OK)
		rc = args_require(args, "service", &request->service, why);
	if (rc == ERR_OK)
		rc = read_need(args, need, why);
	if (rc == ERR_OK)
		rc = read_token(text, sizeof(text), why);
	if (rc == ERR_OK) {
		(void)token_parse(text, id);
		candidate.deadline = store_deadline(&context->config);
		rc = judge_and_print(context, &candidate);
	}
	crypto_wipe(text, sizeof(text));
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "who wants to log in"},
    {"service", "NAME", "the PAM service that is asked"},
    {"from", "ADDRESS", "the address that the login comes from"},
    {"need", "SCOPE[,SCOPE]",
	"the scopes that the service demands [" VERDICT_DEFAULT_NEED "]"},
    {0},
};

const struct command command_verify = {
    .name = "verify",
    .operands = "",
    .summary = "Judge the token on standard input, as a login would",
    .options = OPTIONS,
    .run = run,
};
