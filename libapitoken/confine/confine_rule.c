#include "confine/confine_rule.h"

#include <stddef.h>
#include <string.h>

#include "base/list.h"
#include "base/path_list.h"
#include "config/services.h"

enum confine
confine_verdict(const struct config *config, const char *service,
    const char *scopes, enum confine_mode mode)
{
	if (mode == CONFINE_NEVER || list_has(scopes, "write"))
		return CONFINE_UNNEEDED;
	if (service != NULL &&
	    services_include(config->groups, config->confine.services, service))
		return CONFINE_NEEDED;
	return CONFINE_REFUSED;
}

const char *
confine_mode_text(enum confine_mode mode)
{
	static const char *const TEXTS[] = {
	    [CONFINE_NEVER] = "no confine=",
	    [CONFINE_CHILD] = "confine=child",
	    [CONFINE_PROCESS] = "confine=process",
	};

	return TEXTS[mode];
}

enum confine_mode
confine_known_mode(const char *path)
{
	static const struct {
		const char *program;
		enum confine_mode mode;
	} KNOWN[] = {
	    {"proftpd", CONFINE_PROCESS},
	    {"sshd", CONFINE_CHILD},
	    /* OpenSSH 9.8 and later: serves one connection. */
	    {"sshd-session", CONFINE_CHILD},
	    {"vsftpd", CONFINE_PROCESS},
	};
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	for (size_t i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++) {
		if (strcmp(name, KNOWN[i].program) == 0)
			return KNOWN[i].mode;
	}
	return CONFINE_NEVER;
}

enum err
confine_check_program(const struct config *config, const char *path,
    enum confine_mode mode, struct error *why)
{
	enum confine_mode known = confine_known_mode(path);

	if (known == mode || list_has(config->confine.programs, path))
		return ERR_OK;
	if (known == CONFINE_NEVER)
		return error_set(why, ERR_REFUSED,
		    "module option confine=: %s is not known to serve each "
		    "session by a process of its own; [confine] programs lists "
		    "those that do",
		    path);
	return error_set(why, ERR_REFUSED,
	    "module option confine=: not how %s begins its sessions; it takes "
	    "%s",
	    path, confine_mode_text(known));
}

void
confine_need(const struct config *config, const char *service,
    enum confine_mode mode, char *need)
{
	char rest[RECORD_SCOPES_MAX + 1] = "", word[LIST_WORD_MAX + 1];
	const char *next = need;

	if (confine_verdict(config, service, "", mode) != CONFINE_NEEDED)
		return;
	while (list_next(&next, word)) {
		if (strcmp(word, "write") == 0)
			continue;
		if (rest[0] != '\0')
			strcat(rest, ",");
		strcat(rest, word);
	}
	if (rest[0] != '\0')
		strcpy(need, rest);
}
