/*
 * login SERVICE USER <PASSWORD: one login, without a delay when it is refused.
 * Exits 0 if it was accepted; else prints libpam's error text and exits 1.
 */
#include <stdio.h>
#include <string.h>

#include "lib/client.h"

static int
log_in(pam_handle_t *pamh)
{
	int rc = pam_authenticate(pamh, 0);

	return rc == PAM_SUCCESS ? pam_acct_mgmt(pamh, 0) : rc;
}

int
main(int argc, char **argv)
{
	char password[512];
	pam_handle_t *pamh = NULL;
	int rc = PAM_ABORT;

	if (argc != 3 || fgets(password, sizeof(password), stdin) == NULL) {
		fputs("usage: login SERVICE USER <PASSWORD\n", stderr);
		return 2;
	}
	password[strcspn(password, "\n")] = '\0';
	pamh = client_start(argv[1], argv[2], password);
	if (pamh != NULL)
		rc = log_in(pamh);
	if (rc != PAM_SUCCESS)
		puts(pam_strerror(pamh, rc));
	client_end(pamh);
	return rc == PAM_SUCCESS ? 0 : 1;
}
