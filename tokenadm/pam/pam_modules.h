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
 * like, and for modules that let in by something other than a password.
 */
int module_answer_of(const struct pamstack_entry *entry);

/* Whether it passes what was typed to a program, as pam_exec can. */
bool module_hands_on(const struct pamstack_entry *entry);

/*
 * Sets is_missing of each entry whose module file does not exist. libpam
 * returns PAM_MODULE_UNKNOWN for it then.
 */
void modules_note_missing(struct pamstack *stack);

#endif
