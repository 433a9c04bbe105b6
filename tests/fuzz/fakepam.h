/*
 * As much of libpam as the module uses, for a scripted host: one handle for
 * each process, which a fork copies.
 */
#ifndef APITOKEN_FAKEPAM_H
#define APITOKEN_FAKEPAM_H

#include <security/pam_modules.h>
#include <stdbool.h>

#define FAKEPAM_TEXT_MAX 300
#define FAKEPAM_VARIABLES 8

struct fakepam_item {
	bool is_set;
	char text[FAKEPAM_TEXT_MAX + 1];
};

struct pam_handle {
	struct fakepam_item user, service, rhost, tty;
	struct fakepam_item password; /* not set: the conversation fails */
	char *variables[FAKEPAM_VARIABLES]; /* NAME=VALUE, or NULL */
	void *data;
	void (*clean_up)(pam_handle_t *pamh, void *data, int status);
	unsigned delay;
	bool
	    prompt_failed; /* the host gave no user or password the last time */
};

void fakepam_set(struct fakepam_item *item, const char *text);
bool fakepam_same(const struct fakepam_item *a, const struct fakepam_item *b);

/* What a fork copies, and what of it returns to the parent. */
void fakepam_copy(struct pam_handle *copy, const struct pam_handle *from);
void fakepam_take_variables(
    struct pam_handle *pamh, const struct pam_handle *from);

/* pam_end: whatever the module left is cleaned up. */
void fakepam_end(struct pam_handle *pamh);

/* As pam_getenv and pam_putenv, called by the host itself. */
const char *fakepam_getenv(struct pam_handle *pamh, const char *name);
void fakepam_putenv(
    struct pam_handle *pamh, const char *name, const char *value);

#endif
