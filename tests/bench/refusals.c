/*
 * How long it takes to refuse each of several passwords, without the delay
 * that modules ask for: pam_start, authenticate and pam_end, many times in one
 * process and in an order drawn anew for each round.
 *
 *	refusals SERVICE ROUNDS SEED <file
 *
 * The file has lines `KIND USER PASSWORD`, with tabs between them. Prints
 * `KIND MICROSECONDS` for each attempt. Ends with 1 if one is not refused, but
 * for the kind `accepted`, which must not be.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/client.h"
#include "times.h"

#define KINDS_MAX 32

struct kind {
	char name[32], user[64], password[128];
};

static int
log_in(const char *service, const struct kind *kind)
{
	pam_handle_t *pamh = client_start(service, kind->user, kind->password);
	int rc = pamh != NULL ? pam_authenticate(pamh, 0) : PAM_BUF_ERR;

	client_end(pamh);
	return rc;
}

/*
 * One attempt of each kind, in a new order. False if one has an unexpected
 * result.
 */
static bool
run_round(const char *service, struct kind *kinds[], size_t count)
{
	for (size_t i = count; i > 0; i--) {
		size_t drawn = (size_t)random() % i;
		struct kind *kind = kinds[drawn];
		int64_t start = times_now();

		int rc = log_in(service, kind);
		bool is_in = rc == PAM_SUCCESS;

		if (is_in != (strcmp(kind->name, "accepted") == 0)) {
			fprintf(stderr, "refusals: %s: PAM code %d\n",
			    kind->name, rc);
			return false;
		}
		printf(
		    "%s %.1f\n", kind->name, times_since(start, MICROSECOND));
		kinds[drawn] = kinds[i - 1];
		kinds[i - 1] = kind;
	}
	return true;
}

int
main(int argc, char **argv)
{
	static struct kind list[KINDS_MAX];
	struct kind *kinds[KINDS_MAX];
	size_t count = 0;
	bool refused = argc == 4;

	while (count < KINDS_MAX &&
	    scanf("%31[^\t\n]\t%63[^\t\n]\t%127[^\n]\n", list[count].name,
		list[count].user, list[count].password) == 3) {
		kinds[count] = &list[count];
		count++;
	}
	if (argc != 4 || count == 0) {
		fputs("usage: refusals SERVICE ROUNDS SEED <file\n", stderr);
		return 2;
	}
	srandom((unsigned)strtoul(argv[3], NULL, 10));
	for (long i = strtol(argv[2], NULL, 10); i > 0 && refused; i--)
		refused = run_round(argv[1], kinds, count);
	return refused ? 0 : 1;
}
