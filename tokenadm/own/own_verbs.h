/* Which commands users have for their own tokens, and how they are theirs. */
#ifndef TOKENADM_OWN_VERBS_H
#define TOKENADM_OWN_VERBS_H

#include "cli/command.h"

#define OWN_REFUSED_MAX 4

struct own_verb {
	const struct command *command;
	/* Options that only root has; NULL at their end. */
	const char *refused[OWN_REFUSED_MAX + 1];
	bool is_users; /* it works on a user's tokens: --user is his name */
	bool confirms; /* with one of `unless` alone it does not */
	const char *unless[OWN_REFUSED_MAX + 1];
};

/* The user that is named by --user; NULL: none is, or none can be. */
const char *own_verbs_user(const struct args *args);

/* NULL if it is for root only. */
const struct own_verb *own_verbs_find(const char *name);

/*
 * Makes the arguments those of this user: his name for --user, and before the
 * names of tokens. Allocates operands, which live as long as the process.
 * ERR_DENIED: an option that only root has, or another user's name; ERR_NOMEM.
 */
enum err own_verbs_apply(const struct own_verb *verb, struct args *args,
    const char *user, struct error *why);

/*
 * Whether an option is given that no user has, of whatever verb: both sides of
 * the door ask, so that nobody is asked in vain. ERR_DENIED.
 */
enum err own_verbs_of_root(const struct args *args, struct error *why);

/* Whether the account's password is to be asked for first. */
bool own_verbs_confirms(const struct own_verb *verb, const struct args *args);

#endif
