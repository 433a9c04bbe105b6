#include "own/own_verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token/token.h"

static const struct own_verb VERBS[] = {
    {.command = &command_issue,
	.refused = {"batch", "output"},
	.is_users = true,
	.confirms = true},
    /* It would hold a worker: own_front.h asks again and again instead. */
    {.command = &command_list, .refused = {"follow"}, .is_users = true},
    {.command = &command_show},
    {.command = &command_edit,
	.confirms = true,
	.unless = {"name", "description", "logo", "json"}},
    {.command = &command_rotate, .confirms = true},
    {.command = &command_revoke},
    {.command = &command_delete},
    /* All that were deactivated: what became of the account is for root. */
    {.command = &command_approve, .refused = {"user"}, .confirms = true},
    {.command = &command_sessions},
    {.command = &command_verify, .is_users = true},
};

const struct own_verb *
own_verbs_find(const char *name)
{
	for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++) {
		if (strcmp(VERBS[i].command->name, name) == 0)
			return &VERBS[i];
	}
	return NULL;
}

const char *
own_verbs_user(const struct args *args)
{
	return args_look(args, "user");
}

static bool
is_among(const char *const *names, const char *name)
{
	while (*names != NULL && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

/* Of whatever verb: what is issued to other machines is not a user's own. */
static const char *const OF_ROOT[] = {"fleet", "hosts", "local", NULL};

enum err
own_verbs_of_root(const struct args *args, struct error *why)
{
	for (size_t i = 0; OF_ROOT[i] != NULL; i++) {
		if (args_look(args, OF_ROOT[i]) != NULL)
			return error_about(why, OF_ROOT[i], NULL,
			    error_set(why, ERR_DENIED, "--%s: for root only",
				OF_ROOT[i]));
	}
	return ERR_OK;
}

static enum err
check_options(const struct own_verb *verb, const struct args *args,
    const char *user, struct error *why)
{
	const char *given = own_verbs_user(args);
	enum err rc = own_verbs_of_root(args, why);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; args->specs[i].name != NULL; i++) {
		if (args->values[i] != NULL &&
		    is_among(verb->refused, args->specs[i].name))
			return error_about(why, args->specs[i].name, NULL,
			    error_set(why, ERR_DENIED, "--%s: for root only",
				args->specs[i].name));
	}
	/* Whether there is such a user is nobody's business. */
	if (given != NULL && strcmp(given, user) != 0)
		return error_about(why, "user", NULL,
		    error_set(why, ERR_DENIED, "user `%s`: not yours", given));
	return ERR_OK;
}

/* A name alone is that of a token of his. */
static enum err
set_operand(char **operand, const char *user, struct error *why)
{
	char *full;

	if (token_id_valid(*operand) || strchr(*operand, '/') != NULL)
		return ERR_OK;
	if (asprintf(&full, "%s/%s", user, *operand) < 0)
		return error_plain(why, ERR_NOMEM);
	*operand = full;
	return ERR_OK;
}

enum err
own_verbs_apply(const struct own_verb *verb, struct args *args,
    const char *user, struct error *why)
{
	/* Of list they are patterns. */
	bool are_tokens = verb->command != &command_list;
	enum err rc = check_options(verb, args, user, why);

	for (int i = 0; rc == ERR_OK && are_tokens && i < args->operand_count;
	     i++)
		rc = set_operand(&args->operands[i], user, why);
	if (rc == ERR_OK && verb->is_users)
		args_set(args, "user", user);
	return rc;
}

bool
own_verbs_confirms(const struct own_verb *verb, const struct args *args)
{
	if (!verb->confirms || verb->unless[0] == NULL)
		return verb->confirms;
	for (size_t i = 0; args->specs[i].name != NULL; i++) {
		if (args->values[i] != NULL &&
		    !is_among(verb->unless, args->specs[i].name))
			return true;
	}
	return false;
}
