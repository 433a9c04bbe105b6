#include "doctor/sshd_match.h"

#include <ctype.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/network.h"

#define GROUPS_MAX 1024
#define TEXT_SIZE 1024
#define BLANKS " \t\r\n="

/* Whether the text has the pattern's form: `*` is any text, `?` any character.
 */
static bool
has_form(const char *text, const char *pattern)
{
	for (; *pattern != '\0'; pattern++, text++) {
		if (*pattern == '*') {
			while (*pattern == '*')
				pattern++;
			for (; *pattern != '\0' && *text != '\0'; text++) {
				if (has_form(text, pattern))
					return true;
			}
			return *pattern == '\0';
		}
		if (*text == '\0' || (*pattern != '?' && *pattern != *text))
			return false;
	}
	return *text == '\0';
}

/* An address matches a network, or a pattern for its text. */
static bool
is_address(const char *from, const char *pattern)
{
	struct network address, network;

	if (network_parse_address(from, &address) &&
	    network_parse_around(pattern, &network))
		return network_contains(&network, &address);
	return has_form(from, pattern);
}

typedef bool matcher(const char *text, const char *pattern);

/* A list: of `!PATTERN`, one that matches decides against all others. */
static enum sshd_match
in_list(const char *text, const char *list, matcher *matches)
{
	char copy[TEXT_SIZE], *rest = copy, *word;
	enum sshd_match result = SSHD_MATCH_NO;

	(void)snprintf(copy, sizeof(copy), "%s", list);
	while ((word = strsep(&rest, ",")) != NULL) {
		bool is_negative = word[0] == '!';

		if (!matches(text, word + (is_negative ? 1 : 0)))
			continue;
		if (is_negative)
			return SSHD_MATCH_NO;
		result = SSHD_MATCH_YES;
	}
	return result;
}

/* Without UseDNS, the client's name is its address. */
static enum sshd_match
match_host(const struct sshd_login *login, const char *list)
{
	enum sshd_match match;

	if (login->from == NULL)
		return SSHD_MATCH_UNKNOWN;
	match = in_list(login->from, list, is_address);
	return match == SSHD_MATCH_NO && login->uses_dns ? SSHD_MATCH_UNKNOWN
							 : match;
}

enum sshd_match
sshd_match_user(const struct sshd_login *login, const char *entry)
{
	const char *at = strrchr(entry, '@');
	char user[TEXT_SIZE];

	if (at == NULL)
		return has_form(login->user, entry) ? SSHD_MATCH_YES
						    : SSHD_MATCH_NO;
	(void)snprintf(user, sizeof(user), "%.*s", (int)(at - entry), entry);
	return has_form(login->user, user) ? match_host(login, at + 1)
					   : SSHD_MATCH_NO;
}

/* Some group of the user's decides, as the first that is in the list. */
static enum sshd_match
match_groups(const struct sshd_login *login, const char *list)
{
	gid_t groups[GROUPS_MAX];
	int count = GROUPS_MAX;
	const struct passwd *entry = getpwnam(login->user);
	enum sshd_match match = SSHD_MATCH_NO;

	if (entry == NULL ||
	    getgrouplist(login->user, entry->pw_gid, groups, &count) < 0)
		return SSHD_MATCH_UNKNOWN;
	for (int i = 0; i < count && match == SSHD_MATCH_NO; i++) {
		const struct group *group = getgrgid(groups[i]);

		if (group != NULL)
			match = in_list(group->gr_name, list, has_form);
	}
	return match;
}

enum sshd_match
sshd_match_group(const struct sshd_login *login, const char *entry)
{
	return match_groups(login, entry);
}

static enum sshd_match
match_port(const struct sshd_login *login, const char *port)
{
	if (login->port == 0)
		return SSHD_MATCH_UNKNOWN;
	return strtoul(port, NULL, 10) == login->port ? SSHD_MATCH_YES
						      : SSHD_MATCH_NO;
}

static enum sshd_match
match_one(const struct sshd_login *login, const char *name, const char *value)
{
	if (strcasecmp(name, "user") == 0)
		return in_list(login->user, value, has_form);
	if (strcasecmp(name, "group") == 0)
		return match_groups(login, value);
	if (strcasecmp(name, "address") == 0)
		return login->from == NULL
		    ? SSHD_MATCH_UNKNOWN
		    : in_list(login->from, value, is_address);
	if (strcasecmp(name, "host") == 0)
		return match_host(login, value);
	if (strcasecmp(name, "localport") == 0)
		return match_port(login, value);
	return SSHD_MATCH_UNKNOWN;
}

enum sshd_match
sshd_match_criteria(const struct sshd_login *login, const char *criteria)
{
	char copy[TEXT_SIZE], *rest = NULL;
	enum sshd_match result = SSHD_MATCH_YES;
	const char *name;

	(void)snprintf(copy, sizeof(copy), "%s", criteria);
	name = strtok_r(copy, BLANKS "\"", &rest);
	for (; name != NULL; name = strtok_r(NULL, BLANKS "\"", &rest)) {
		enum sshd_match match = SSHD_MATCH_YES;

		if (strcasecmp(name, "invalid-user") == 0)
			match = SSHD_MATCH_NO;
		else if (strcasecmp(name, "all") != 0) {
			const char *value = strtok_r(NULL, BLANKS "\"", &rest);

			match = value == NULL ? SSHD_MATCH_UNKNOWN
					      : match_one(login, name, value);
		}
		if (match == SSHD_MATCH_NO)
			return SSHD_MATCH_NO;
		if (match == SSHD_MATCH_UNKNOWN)
			result = SSHD_MATCH_UNKNOWN;
	}
	return result;
}
