#include "issue/howto.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/list.h"
#include "cli/text.h"

/* ssh asks on the terminal, or runs SSH_ASKPASS: ssh(1). */
static void
print_ssh(FILE *stream, const char *user, const char *host)
{
	fprintf(stream,
	    "\nssh and sftp, with the token in ~/.apitoken:\n\n"
	    "  (umask 077; cat >~/.apitoken)\n"
	    "  printf '#!/bin/sh\\ncat ~/.apitoken\\n' >~/.askpass; "
	    "chmod 700 ~/.askpass\n"
	    "  export SSH_ASKPASS=~/.askpass SSH_ASKPASS_REQUIRE=force\n"
	    "  ssh %s@%s\n"
	    "  sftp %s@%s\n",
	    user, host, user, host);
}

static void
print_ftp(FILE *stream, const char *user, const char *host)
{
	fprintf(stream,
	    "\nFTP, with the token in ~/.netrc:\n\n"
	    "  (umask 077; read -r t; echo machine %s login %s password $t "
	    ">>~/.netrc)\n"
	    "  curl --netrc --upload-file FILE ftp://%s/\n"
	    "  curl --netrc ftp://%s/FILE\n",
	    host, user, host, host);
}

static const struct howto {
	const char *service;
	void (*print)(FILE *stream, const char *user, const char *host);
} HOWTOS[] = {
    {"sshd", print_ssh},
    {"vsftpd", print_ftp},
};

/* A service needs read and write unless its line in /etc/pam.d has need=. */
static void
print_scopes(FILE *stream, const struct record *record)
{
	if (list_has_all(record->scopes, "read,write"))
		return;
	fprintf(stream,
	    "Its scopes are %s: it logs in only where pam_apitoken's line in "
	    "/etc/pam.d\nhas a need= that they meet.\n",
	    record->scopes);
}

void
howto_print(FILE *stream, const struct record *record)
{
	bool any = list_has(record->services, "any");
	char host[HOST_NAME_MAX + 1] = "";

	if (gethostname(host, sizeof(host) - 1) != 0)
		strcpy(host, "HOST");
	fprintf(stream,
	    "\nThis is token %s. It will not be shown again.\n"
	    "Give it where a password is asked for.\n",
	    record->id);
	print_scopes(stream, record);
	for (size_t i = 0; i < sizeof(HOWTOS) / sizeof(HOWTOS[0]); i++) {
		if (any || list_has(record->services, HOWTOS[i].service))
			HOWTOS[i].print(stream, record->user, host);
	}
}
