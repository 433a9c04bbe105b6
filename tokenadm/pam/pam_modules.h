/* What is known of PAM's modules by their names. */
#ifndef TOKENADM_PAM_MODULES_H
#define TOKENADM_PAM_MODULES_H

#include "pam/pamstack.h"

enum module_kind {
	MODULE_UNKNOWN = 0, /* nobody knows what it is good for */
	MODULE_OWN,         /* pam_apitoken */
	MODULE_PASSWORD,    /* asks whether the password, or account, is good */
	MODULE_FIXED,       /* always gives one answer, and is of no account */
	MODULE_DIRECTORY,   /* in account: judges the users of a directory */
	MODULE_KEEPER,      /* has a say that no token replaces */
};

/* What a line's module is for, among lines of its type. */
enum module_kind module_kind_of(const struct pamstack_entry *entry);

/*
 * What it answers where all is well: PAM_SUCCESS, but for pam_deny and the
 * like, and those that let in by something else than a password.
 */
int module_answer_of(const struct pamstack_entry *entry);

/* Whether it shows what was typed to a program, as pam_exec can. */
bool module_hands_on(const struct pamstack_entry *entry);

/*
 * Notes of each entry whether the module's file is missing. libpam answers
 * PAM_MODULE_UNKNOWN for it then.
 */
void modules_note_missing(struct pamstack *stack);

#endif
