#include "fleet/fleet_host.h"

#include <string.h>
#include <sys/utsname.h>

#include "base/list.h"

void
fleet_host_name(const struct config *config, char name[PARSE_HOST_MAX + 1])
{
	struct utsname system;

	name[0] = '\0';
	if (config->fleet.host[0] != '\0') {
		strcpy(name, config->fleet.host);
		return;
	}
	if (uname(&system) != 0 || strlen(system.nodename) > PARSE_HOST_MAX)
		return;
	strcpy(name, system.nodename);
	for (; *name != '\0'; name++) {
		if (*name >= 'A' && *name <= 'Z')
			*name = (char)(*name - 'A' + 'a');
	}
}

bool
fleet_host_is_meant(
    const struct fleet_record *record, const char *name, const char *groups)
{
	char word[LIST_WORD_MAX + 1];

	if (record->hosts[0] == '\0' && record->groups[0] == '\0')
		return true;
	if (name[0] != '\0' && list_has(record->hosts, name))
		return true;
	while (list_next(&groups, word)) {
		if (list_has(record->groups, word))
			return true;
	}
	return false;
}
