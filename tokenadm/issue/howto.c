#include "issue/howto.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
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

#define HOWTO_COUNT (sizeof(HOWTOS) / sizeof(HOWTOS[0]))

static bool
concerns(const struct howto *howto, const struct record *record)
{
	return list_has(record->services, "any") ||
	    list_has(record->services, howto->service);
}

#define ANY_HOST "HOST"

/* The first host of the list that is no group of them. */
static void
name_first(const char *hosts, char host[HOST_NAME_MAX + 1])
{
	char word[LIST_WORD_MAX + 1];

	strcpy(host, ANY_HOST);
	while (hosts != NULL && list_next(&hosts, word)) {
		if (word[0] == '@')
			continue;
		(void)snprintf(
		    host, HOST_NAME_MAX + 1, "%.*s", HOST_NAME_MAX, word);
		return;
	}
}

static void
name_host(bool is_fleets, const char *hosts, char host[HOST_NAME_MAX + 1])
{
	memset(host, 0, HOST_NAME_MAX + 1);
	if (is_fleets)
		name_first(hosts, host);
	else if (gethostname(host, HOST_NAME_MAX) != 0)
		strcpy(host, ANY_HOST);
}

static void
print_places(FILE *stream, const char *hosts)
{
	if (hosts[0] == '\0')
		fputs("It is good on all machines of the fleet.\n", stream);
	else
		fprintf(stream, "It is good on %s.\n", hosts);
}

void
howto_print(FILE *stream, const struct record *record, bool is_fleets,
    const char *hosts)
{
	char host[HOST_NAME_MAX + 1];

	name_host(is_fleets, hosts, host);
	fprintf(stream,
	    "\nThis is token %s. It will not be shown again.\n"
	    "Give it where a password is asked for.\n",
	    record->id);
	if (is_fleets && hosts != NULL)
		print_places(stream, hosts);
	print_scopes(stream, record);
	for (size_t i = 0; i < HOWTO_COUNT; i++) {
		if (concerns(&HOWTOS[i], record))
			HOWTOS[i].print(stream, record->user, host);
	}
}

/* Without the empty line that parts it from the one before. NULL: no memory. */
static json_t *
object_of(const struct howto *howto, const char *user, const char *host)
{
	json_t *object = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (stream == NULL)
		return NULL;
	howto->print(stream, user, host);
	if (fclose(stream) == 0)
		object = json_pack(
		    "{s:s, s:s}", "service", howto->service, "text", text + 1);
	free(text);
	return object;
}

json_t *
howto_json(const struct record *record, bool is_fleets, const char *hosts)
{
	json_t *array = json_array();
	char host[HOST_NAME_MAX + 1];

	name_host(is_fleets, hosts, host);
	for (size_t i = 0; array != NULL && i < HOWTO_COUNT; i++) {
		if (!concerns(&HOWTOS[i], record) ||
		    json_array_append_new(
			array, object_of(&HOWTOS[i], record->user, host)) == 0)
			continue;
		json_decref(array);
		array = NULL;
	}
	return array;
}
