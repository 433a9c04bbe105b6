/*
 * A PAM module that opens what its argument names, and leaves it open for its
 * host and the host's children: a directory, for example, as other modules do
 * by mistake.
 */
#include <fcntl.h>
#include <security/pam_modules.h>

static int
hold(int argc, const char **argv)
{
	if (argc < 1 || open(argv[0], O_RDONLY | O_CLOEXEC) < 0)
		return PAM_SYSTEM_ERR;
	return PAM_SUCCESS;
}

int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	return hold(argc, argv);
}

int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}

int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	return hold(argc, argv);
}

int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}
