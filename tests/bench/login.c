/*
 * How long a login takes: pam_start, authenticate, acct_mgmt and pam_end, many
 * times in one process. The password comes on standard input.
 *
 *	login SERVICE USER COUNT [FOLDER] <password
 *
 * FOLDER stands in for /etc/pam.d. Prints the median in microseconds.
 */
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char password[512];

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **responses, void *arg)
{
	(void)messages;
	(void)arg;
	*responses = calloc((size_t)count, sizeof(**responses));
	if (*responses == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < count; i++)
		(*responses)[i].resp = strdup(password);
	return PAM_SUCCESS;
}

static int
log_in(const char *service, const char *user, const char *folder)
{
	struct pam_conv conv = {converse, NULL};
	pam_handle_t *pamh = NULL;
	int rc;

	rc = folder != NULL
	    ? pam_start_confdir(service, user, &conv, folder, &pamh)
	    : pam_start(service, user, &conv, &pamh);
	if (rc != PAM_SUCCESS)
		return rc;
	rc = pam_authenticate(pamh, 0);
	if (rc == PAM_SUCCESS)
		rc = pam_acct_mgmt(pamh, 0);
	(void)pam_end(pamh, rc);
	return rc;
}

static double
microseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	size_t count = argc < 4 ? 0 : strtoul(argv[3], NULL, 10);
	double *times = calloc(count + 1, sizeof(*times));

	if (count == 0 || times == NULL ||
	    fgets(password, sizeof(password), stdin) == NULL) {
		fputs("usage: login SERVICE USER COUNT [FOLDER] <password\n",
		    stderr);
		free(times);
		return 2;
	}
	password[strcspn(password, "\n")] = '\0';
	for (size_t i = 0; i < count; i++) {
		double start = microseconds();
		int rc = log_in(argv[1], argv[2], argc > 4 ? argv[4] : NULL);

		times[i] = microseconds() - start;
		if (rc != PAM_SUCCESS) {
			fprintf(stderr, "login: PAM code %d\n", rc);
			free(times);
			return 1;
		}
	}
	qsort(times, count, sizeof(*times), compare);
	printf("%.1f\n", times[count / 2]);
	free(times);
	return 0;
}
