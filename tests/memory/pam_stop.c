/*
 * A PAM module that stops its host where modules below ours would see
 * PAM_AUTHTOK, and writes the address of that to the file named by its
 * argument.
 */
#include <security/pam_modules.h>
#include <signal.h>
#include <stdio.h>

int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	const void *password = NULL;
	FILE *stream = argc > 0 ? fopen(argv[0], "we") : NULL;

	(void)flags;
	(void)pam_get_item(pamh, PAM_AUTHTOK, &password);
	if (stream == NULL)
		return PAM_SYSTEM_ERR;
	(void)fprintf(stream, "0x%zx\n", (size_t)password);
	(void)fclose(stream);
	(void)raise(SIGSTOP);
	return PAM_IGNORE;
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
