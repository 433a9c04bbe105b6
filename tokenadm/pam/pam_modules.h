/* Known PAM modules, by name. */
#ifndef TOKENADM_PAM_MODULES_H
#define TOKENADM_PAM_MODULES_H

#include "pam/pamstack.h"

enum module_kind {
	MODULE_UNKNOWN = 0, /* purpose unknown */
	MODULE_OWN,         /* pam_apitoken */
	MODULE_PASSWORD,    /* judges the password or account */
	MODULE_FIXED,       /* fixed answer; may be skipped */
	MODULE_DIRECTORY,   /* in account: judges the users of a directory */
	MODULE_KEEPER,      /* must be asked even with a token */
};

/* The kind of a line's module, for its type. */
enum module_kind module_kind_of(const struct pamstack_entry *entry);

/*
 * What it returns if all is well: PAM_SUCCESS, except for pam_deny and the
 * like, for modules that let in by something other than a password, and for
 * those that say nothing then, as pam_nologin.
 */
int module_answer_of(const struct pamstack_entry *entry);

/*
 * Whether its line, in auth or account, takes its yes and does not mind its no,
 * as `sufficient` of a module whose answer nobody knows beforehand: pam_u2f,
 * pam_script, or a pam_succeed_if that lets a group in.
 */
bool module_is_alternative(const struct pamstack_entry *entry);

/* What it returns for a no in auth or account. */
int module_refusal_of(const struct pamstack_entry *entry);

/* Whether it says yes or no, and does nothing else. */
bool module_only_judges(const struct pamstack_entry *entry);

/*
 * Whether in a line of that type it never says no to an accepted token: pam_env
 * and pam_faildelay; in account pam_localuser.
 */
bool module_is_mild(const struct pamstack_entry *entry);

/* Whether it wants something else than a password: pam_u2f, pam_oath. */
bool module_is_factor(const struct pamstack_entry *entry);

/* Whether it passes what was typed to a program, as pam_exec can. */
bool module_hands_on(const struct pamstack_entry *entry);

/*
 * Sets is_missing of each entry whose module file does not exist. libpam
 * returns PAM_MODULE_UNKNOWN for it then.
 */
void modules_note_missing(struct pamstack *stack);

#endif
