#include "confining.h"

#include <pwd.h>
#include <security/pam_modutil.h>
#include <unistd.h>

#include "confinement.h"

/*
 * sshd calls setcred in the process that opens the session, and again in the
 * child that becomes it: that one alone is to be confined, or its parent could
 * not write the log-out down.
 */
static bool
is_the_one(const struct pinned *pinned, bool is_session)
{
	if (pinned->handoff.confine == CONFINE_PROCESS)
		return true;
	return pinned->handoff.confine == CONFINE_CHILD && !is_session &&
	    pinned->host != getpid();
}

/* Both lines say the same, or one of them does not mean it. */
static enum err
check_options(const struct pinned *pinned, const struct options *options,
    struct error *why)
{
	if (pinned->handoff.confine == CONFINE_NEVER ||
	    pinned->handoff.confine == options->confine)
		return ERR_OK;
	return error_set(why, ERR_CONFIG,
	    "module option confine=: not the same on the auth and the session "
	    "line");
}

static enum err
enter(pam_handle_t *pamh, const struct pinned *pinned,
    const struct options *options, struct error *why)
{
	const struct passwd *passwd = pam_modutil_getpwnam(
	    pamh, pinned->handoff.user);
	struct config config;
	enum err rc;

	if (passwd == NULL)
		return error_set(why, ERR_SYSTEM, "the user is not found");
	rc = config_read(&config, options->config, why);
	if (rc == ERR_OK)
		rc = confinement_enter(
		    &config, passwd->pw_uid, passwd->pw_dir, why);
	config_free(&config);
	return rc;
}

enum err
confining_enter(pam_handle_t *pamh, struct pinned *pinned,
    const struct options *options, bool is_session, struct error *why)
{
	enum err rc = check_options(pinned, options, why);

	if (rc != ERR_OK || pinned->confined == getpid() ||
	    !is_the_one(pinned, is_session))
		return rc;
	rc = enter(pamh, pinned, options, why);
	if (rc == ERR_OK)
		pinned->confined = getpid();
	return rc;
}
