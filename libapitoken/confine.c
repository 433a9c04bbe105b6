#include "confine.h"

#include <stddef.h>
#include <string.h>

#include "list.h"
#include "services.h"

enum confine
confine_judge(const struct config *config, const char *service,
    const char *scopes, enum confine_mode mode)
{
	if (mode == CONFINE_NEVER || list_has(scopes, "write"))
		return CONFINE_UNNEEDED;
	if (service != NULL &&
	    services_include(config->groups, config->confine.services, service))
		return CONFINE_NEEDED;
	return CONFINE_REFUSED;
}

bool
confine_fits(const char *service, enum confine_mode mode)
{
	static const struct {
		const char *service;
		enum confine_mode mode;
	} KNOWN[] = {
	    {"proftpd", CONFINE_PROCESS},
	    {"sshd", CONFINE_CHILD},
	    {"vsftpd", CONFINE_PROCESS},
	};

	for (size_t i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++) {
		if (service != NULL && strcmp(service, KNOWN[i].service) == 0)
			return mode == CONFINE_NEVER || mode == KNOWN[i].mode;
	}
	return true;
}

void
confine_need(const struct config *config, const char *service,
    enum confine_mode mode, char *need)
{
	char rest[RECORD_SCOPES_MAX + 1] = "", word[LIST_WORD_MAX + 1];
	const char *next = need;

	if (confine_judge(config, service, "", mode) != CONFINE_NEEDED)
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
