#include "fleet_etcd/etcd_keys.h"

#include <stdio.h>
#include <string.h>

void
etcd_key_head(
    char key[ETCD_KEY_MAX + 1], const char *prefix, const char *issuer)
{
	(void)snprintf(key, ETCD_KEY_MAX + 1, "%s/head/%s", prefix, issuer);
}

void
etcd_key_record(char key[ETCD_KEY_MAX + 1], const char *prefix,
    const char *issuer, const char *id)
{
	(void)snprintf(
	    key, ETCD_KEY_MAX + 1, "%s/rec/%s/%s", prefix, issuer, id);
}

void
etcd_key_all(char key[ETCD_KEY_MAX + 1], const char *prefix)
{
	(void)snprintf(key, ETCD_KEY_MAX + 1, "%s/", prefix);
}

/* Takes a word off the front of the text; NULL if it begins otherwise. */
static const char *
behind(const char *text, const char *word)
{
	size_t len = strlen(word);

	return strncmp(text, word, len) == 0 ? text + len : NULL;
}

bool
etcd_key_read(const char *key, size_t len, const char *prefix,
    char issuer[PARSE_HOST_MAX + 1], char id[TOKEN_ID_LEN + 1])
{
	const char *rest = len == strlen(key) ? behind(key, prefix) : NULL;
	const char *head = rest == NULL ? NULL : behind(rest, "/head/");
	const char *record = rest == NULL ? NULL : behind(rest, "/rec/");
	const char *slash = record == NULL ? NULL : strchr(record, '/');

	issuer[0] = id[0] = '\0';
	if (head != NULL && strlen(head) <= PARSE_HOST_MAX) {
		strcpy(issuer, head);
	} else if (slash != NULL && slash - record <= PARSE_HOST_MAX &&
	    token_id_valid(slash + 1)) {
		memcpy(issuer, record, (size_t)(slash - record));
		issuer[slash - record] = '\0';
		strcpy(id, slash + 1);
	}
	return parse_is_host(issuer);
}

/* The last character is no 0xff: names are of ASCII. */
void
etcd_key_end(char end[ETCD_KEY_MAX + 1], const char *key)
{
	(void)snprintf(end, ETCD_KEY_MAX + 1, "%s", key);
	end[strlen(end) - 1]++;
}

const char *
etcd_key_name(const char *key)
{
	const char *slash = strrchr(key, '/');

	return slash == NULL ? key : slash + 1;
}
