#include "confine_hook.h"

#include <pwd.h>
#include <security/pam_modutil.h>
#include <unistd.h>

#include "confine/confine_rule.h"
#include "confine/confinement.h"
#include "confine/descriptors.h"
#include "confine/host_program.h"

/* The options of both lines have to agree. */
static enum err
check_options(const struct login_state *login,
    const struct module_options *options, struct error *why)
{
	if (login->handoff.confine == CONFINE_NEVER ||
	    login->handoff.confine == options->confine)
		return ERR_OK;
	return error_set(why, ERR_CONFIG,
	    "module option confine=: not the same on the auth and the session "
	    "line");
}

/*
 * Checks that this process has nothing open through which a session of this uid
 * could change files: at authentication, in each process before it is confined,
 * and again in sshd's child, for what was opened in between. A host that
 * confines itself is judged as its child would be, which may never come here.
 */
static enum err
check_descriptors(enum confine_mode mode, uid_t uid, struct error *why)
{
	switch (mode) {
	case CONFINE_NEVER:
		return ERR_OK;
	case CONFINE_CHILD:
		return descriptors_check(uid, true, why);
	case CONFINE_PROCESS:
		return descriptors_check(uid, false, why);
	}
	return ERR_INTERNAL;
}

/* And that the program may be confined that way. */
static enum err
check_process(const struct config *config, enum confine_mode mode, uid_t uid,
    struct error *why)
{
	char path[PATH_MAX];
	enum err rc = host_program_find(path, why);

	if (rc == ERR_OK)
		rc = confine_check_program(config, path, mode, why);
	return rc == ERR_OK ? check_descriptors(mode, uid, why) : rc;
}

enum err
confine_hook_check(const struct attempt_outcome *outcome,
    const struct attempt *attempt, const struct config *config,
    struct error *why)
{
	(void)attempt;
	return check_process(
	    config, outcome->confine, outcome->record.uid, why);
}

/* confinement_enter or confinement_enter_host. */
typedef enum err enter_function(struct confinement *confinement,
    const struct config *config, uid_t uid, const char *home,
    struct error *why);

static enum err
enter(pam_handle_t *pamh, struct login_state *login, struct setup *setup,
    enter_function *function, struct error *why)
{
	enum confine_mode mode = login->handoff.confine;
	const struct passwd *passwd;
	enum err rc;

	/* What it has opened since then is on read-only mounts. */
	if (confinement_holds(&login->confinement))
		return ERR_OK;
	passwd = pam_modutil_getpwnam(pamh, login->handoff.user);
	if (passwd == NULL)
		return error_set(why, ERR_SYSTEM, "the user is not found");
	rc = setup_read_config(setup, why);
	if (rc == ERR_OK)
		rc = check_process(&setup->config, mode, passwd->pw_uid, why);
	if (rc == ERR_OK)
		rc = function(&login->confinement, &setup->config,
		    passwd->pw_uid, passwd->pw_dir, why);
	return rc;
}

/* It inherits part of what its host has opened since it was checked. */
static enum err
narrow(struct login_state *login, struct error *why)
{
	struct confinement *confinement = &login->confinement;
	enum err rc = check_descriptors(
	    login->handoff.confine, confinement->uid, why);

	return rc == ERR_OK ? confinement_narrow(confinement, why) : rc;
}

/*
 * sshd calls setcred in the process that opens the session, before it does so,
 * and again in the child that becomes the session. The first one has to log the
 * session out.
 */
static enum err
enter_child(pam_handle_t *pamh, struct login_state *login, struct setup *setup,
    bool is_session, struct error *why)
{
	if (is_session)
		return enter(pamh, login, setup, confinement_enter_host, why);
	if (login->host == getpid())
		return ERR_OK;
	if (confinement_is_prepared(&login->confinement))
		return narrow(login, why);
	/* No session line: all that can be done is done here. */
	return enter(pamh, login, setup, confinement_enter, why);
}

enum err
confine_hook_enter(pam_handle_t *pamh, struct login_state *login,
    struct setup *setup, bool is_session, struct error *why)
{
	enum err rc = check_options(login, &setup->options, why);

	if (rc != ERR_OK)
		return rc;
	switch (login->handoff.confine) {
	case CONFINE_NEVER:
		return ERR_OK;
	case CONFINE_CHILD:
		return enter_child(pamh, login, setup, is_session, why);
	case CONFINE_PROCESS:
		return enter(pamh, login, setup, confinement_enter, why);
	}
	return ERR_INTERNAL;
}

bool
confine_hook_host_goes_on(void)
{
	char path[PATH_MAX];

	return host_program_find(path, NULL) == ERR_OK &&
	    confine_known_mode(path) == CONFINE_CHILD;
}
