/* Patterns of sshd_config(5), as sshd matches them with a login. */
#ifndef TOKENADM_SSHD_MATCH_H
#define TOKENADM_SSHD_MATCH_H

#include <stdbool.h>

/* What is known of a login. */
struct sshd_login {
	const char *user;
	const char *from; /* numeric address; NULL: not known */
	unsigned port;    /* of the server; 0: not known */
	bool uses_dns;    /* UseDNS: the client's name is not known */
};

enum sshd_match {
	SSHD_MATCH_NO = 0,
	SSHD_MATCH_YES,
	SSHD_MATCH_UNKNOWN,
};

/* An entry of AllowUsers or DenyUsers: USER, or USER@HOST. */
enum sshd_match sshd_match_user(
    const struct sshd_login *login, const char *entry);

/* An entry of AllowGroups or DenyGroups. */
enum sshd_match sshd_match_group(
    const struct sshd_login *login, const char *entry);

/*
 * The criteria of a Match line, or of several that all have to hold. Unknown
 * if none fails, but one cannot be judged.
 */
enum sshd_match sshd_match_criteria(
    const struct sshd_login *login, const char *criteria);

#endif
