#include "issue/handover.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "account/account.h"
#include "cli/text.h"
#include "issue/howto.h"
#include "tokens/audit.h"

enum err
owner_set(struct context *context, const char *user, struct record *record)
{
	struct account account;

	account_lookup(&account, user, &context->config.account, context->now);
	if (!account.found)
		return error_set(&context->error, ERR_NOT_FOUND,
		    "user `%s`: no such account, or it cannot be looked up",
		    user);
	if (!parse_is_printable(account.name, RECORD_USER_MAX))
		return error_set(&context->error, ERR_INVALID,
		    "user `%s`: the name is not printable UTF-8", user);
	if (account.state != ACCOUNT_ENABLED)
		return error_set(&context->error, ERR_POLICY,
		    "user `%s`: cannot own a token that logs in: %s", user,
		    account_reason_name(account.reason));
	strcpy(record->user, account.name);
	record->uid = account.uid;
	record->local = account_is_local(account.name) == ERR_OK;
	return ERR_OK;
}

enum err
owner_check_uid(struct context *context, const struct record *record, uid_t uid)
{
	if (uid == record->uid)
		return ERR_OK;
	return error_set(&context->error, ERR_POLICY,
	    "%s: its owner %s had uid %lu, and has %lu now", record->id,
	    record->user, (unsigned long)record->uid, (unsigned long)uid);
}

enum err
handover_show(const struct record *record, const char text[])
{
	/* No copy of it is to stay behind in a buffer of stdio's. */
	(void)setvbuf(stdout, NULL, _IONBF, 0);
	puts(text);
	if (isatty(STDOUT_FILENO))
		howto_print(stdout, record);
	return text_flush(stdout);
}

enum err
handover_show_json(const struct record *record, const char text[])
{
	(void)setvbuf(stdout, NULL, _IONBF, 0);
	printf("{\"changed\": true, \"id\": \"%s\", \"token\": \"", record->id);
	/* Neither jansson nor printf is to have a copy of it. */
	fputs(text, stdout);
	puts("\"}");
	return text_flush(stdout);
}

enum err
handover_withdrawn(
    struct context *context, const struct record *record, enum err rc)
{
	if (rc != ERR_OK)
		return error_set(&context->error, ERR_SYSTEM,
		    "the token could not be written out, nor be withdrawn; "
		    "revoke it: tokenadm revoke %s",
		    record->id);
	audit("withdrawn", record, record->created.by, "");
	return error_set(&context->error, ERR_SYSTEM,
	    "the token could not be written out; it was withdrawn");
}
