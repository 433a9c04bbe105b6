#include "fakepam.h"

#include <pwd.h>
#include <security/pam_ext.h>
#include <security/pam_modutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "fuzz.h"
#include "pam_apitoken/login_state.h"

void
fakepam_set(struct fakepam_item *item, const char *text)
{
	item->is_set = text != NULL;
	(void)snprintf(
	    item->text, sizeof(item->text), "%s", text != NULL ? text : "");
}

bool
fakepam_same(const struct fakepam_item *a, const struct fakepam_item *b)
{
	return a->is_set == b->is_set && strcmp(a->text, b->text) == 0;
}

static const char *
text_of(const struct fakepam_item *item)
{
	return item->is_set ? item->text : NULL;
}

static void
drop_variables(struct pam_handle *pamh)
{
	for (unsigned i = 0; i < FAKEPAM_VARIABLES; i++) {
		free(pamh->variables[i]);
		pamh->variables[i] = NULL;
	}
}

void
fakepam_take_variables(struct pam_handle *pamh, const struct pam_handle *from)
{
	drop_variables(pamh);
	for (unsigned i = 0; i < FAKEPAM_VARIABLES; i++) {
		if (from->variables[i] != NULL)
			pamh->variables[i] = fuzz_string(
			    (const uint8_t *)from->variables[i],
			    strlen(from->variables[i]));
	}
}

void
fakepam_copy(struct pam_handle *copy, const struct pam_handle *from)
{
	*copy = *from;
	memset(copy->variables, 0, sizeof(copy->variables));
	fakepam_take_variables(copy, from);
	if (from->data != NULL)
		copy->data = fuzz_copy(from->data, sizeof(struct login_state));
}

void
fakepam_end(struct pam_handle *pamh)
{
	if (pamh->clean_up != NULL)
		pamh->clean_up(pamh, pamh->data, PAM_SUCCESS);
	drop_variables(pamh);
	*pamh = (struct pam_handle){0};
}

int
pam_get_item(const pam_handle_t *pamh, int type, const void **item)
{
	*item = NULL;
	switch (type) {
	case PAM_USER:
		*item = text_of(&pamh->user);
		return PAM_SUCCESS;
	case PAM_SERVICE:
		*item = text_of(&pamh->service);
		return PAM_SUCCESS;
	case PAM_RHOST:
		*item = text_of(&pamh->rhost);
		return PAM_SUCCESS;
	case PAM_TTY:
		*item = text_of(&pamh->tty);
		return PAM_SUCCESS;
	default:
		return PAM_BAD_ITEM;
	}
}

int
pam_get_user(pam_handle_t *pamh, const char **user, const char *prompt)
{
	(void)prompt;
	*user = text_of(&pamh->user);
	pamh->prompt_failed = *user == NULL || faults_due();
	return pamh->prompt_failed ? PAM_CONV_ERR : PAM_SUCCESS;
}

int
pam_get_authtok(
    pam_handle_t *pamh, int item, const char **authtok, const char *prompt)
{
	FUZZ_REQUIRE(item == PAM_AUTHTOK && prompt != NULL);
	*authtok = text_of(&pamh->password);
	pamh->prompt_failed = *authtok == NULL || faults_due();
	return pamh->prompt_failed ? PAM_CONV_ERR : PAM_SUCCESS;
}

struct passwd *
pam_modutil_getpwnam(pam_handle_t *pamh, const char *user)
{
	static char buf[4096];
	static struct passwd entry;
	struct passwd *found = NULL;

	(void)pamh;
	if (faults_due() ||
	    getpwnam_r(user, &entry, buf, sizeof(buf), &found) != 0)
		return NULL;
	return found;
}

int
pam_fail_delay(pam_handle_t *pamh, unsigned microseconds)
{
	pamh->delay = microseconds;
	return PAM_SUCCESS;
}

int
pam_set_data(pam_handle_t *pamh, const char *name, void *data,
    void (*clean_up)(pam_handle_t *pamh, void *data, int status))
{
	FUZZ_REQUIRE(strcmp(name, "pam_apitoken") == 0);
	/* Replaces the old value, which needs no memory. */
	if (pamh->clean_up == NULL && faults_due())
		return PAM_BUF_ERR;
	if (pamh->clean_up != NULL)
		pamh->clean_up(pamh, pamh->data, PAM_DATA_REPLACE);
	pamh->data = data;
	pamh->clean_up = clean_up;
	return PAM_SUCCESS;
}

int
pam_get_data(const pam_handle_t *pamh, const char *name, const void **data)
{
	FUZZ_REQUIRE(strcmp(name, "pam_apitoken") == 0);
	*data = pamh->data;
	return pamh->data != NULL ? PAM_SUCCESS : PAM_NO_MODULE_DATA;
}

/* Where a variable of that name is, or can be put. */
static char **
find_variable(struct pam_handle *pamh, const char *name, size_t len)
{
	char **place = NULL;

	for (unsigned i = 0; i < FAKEPAM_VARIABLES; i++) {
		char **one = &pamh->variables[i];

		if (*one == NULL) {
			place = place != NULL ? place : one;
			continue;
		}
		if (strncmp(*one, name, len) == 0 && (*one)[len] == '=')
			return one;
	}
	FUZZ_REQUIRE(place != NULL);
	return place;
}

const char *
fakepam_getenv(struct pam_handle *pamh, const char *name)
{
	const char *found = *find_variable(pamh, name, strlen(name));

	return found != NULL ? found + strlen(name) + 1 : NULL;
}

void
fakepam_putenv(struct pam_handle *pamh, const char *name, const char *value)
{
	char **place = find_variable(pamh, name, strlen(name));
	char text[4 * FAKEPAM_TEXT_MAX];

	free(*place);
	*place = NULL;
	if (value == NULL)
		return;
	(void)snprintf(text, sizeof(text), "%s=%s", name, value);
	*place = fuzz_string((const uint8_t *)text, strlen(text));
}

const char *
pam_getenv(pam_handle_t *pamh, const char *name)
{
	return fakepam_getenv(pamh, name);
}

int
pam_putenv(pam_handle_t *pamh, const char *text)
{
	const char *equals = strchr(text, '=');
	char name[64];

	if (equals != NULL && faults_due())
		return PAM_BUF_ERR;
	(void)snprintf(name, sizeof(name), "%.*s",
	    equals != NULL ? (int)(equals - text) : (int)strlen(text), text);
	/* libpam's own memory does not fail with the module's. */
	faults_leave();
	fakepam_putenv(pamh, name, equals != NULL ? equals + 1 : NULL);
	faults_enter();
	return PAM_SUCCESS;
}
