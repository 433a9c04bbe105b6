#include "doctor/told_address.h"

#include <string.h>
#include <strings.h>

#include "doctor/proftpd_config.h"
#include "doctor/sshd_config.h"

#define A_NAME "%s tells PAM a name in place of the client's address"

/* The settings that control address look-ups. */
static const struct {
	const char *service, *name, *file;
	bool (*find)(const char *name, struct setting *setting);
} LOOK_UPS[] = {
    {"proftpd", "UseReverseDNS", PROFTPD_CONFIG, proftpd_config_find},
    {"sshd", "UseDNS", SSHD_CONFIG, sshd_config_find},
};
#define COUNT (sizeof(LOOK_UPS) / sizeof(LOOK_UPS[0]))

static bool
is_on(const char *value)
{
	return strcasecmp(value, "on") == 0 || strcasecmp(value, "yes") == 0 ||
	    strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

/* How the service's settings change its usual behaviour. */
static enum told_address
by_settings(const char *service, enum told_address usual, struct error *how)
{
	struct setting found;
	size_t i = 0;

	while (i < COUNT && strcmp(LOOK_UPS[i].service, service) != 0)
		i++;
	if (i == COUNT)
		return usual;
	if (!LOOK_UPS[i].find(LOOK_UPS[i].name, &found)) {
		if (usual == TOLD_NAME)
			(void)error_set(how, ERR_OK, "%s: no %s off: " A_NAME,
			    LOOK_UPS[i].file, LOOK_UPS[i].name, service);
		return usual;
	}
	if (!is_on(found.value))
		return TOLD_NUMERIC;
	(void)error_set(how, ERR_OK, "%s:%zu: %s %s: " A_NAME, found.file,
	    found.number, LOOK_UPS[i].name, found.value, service);
	return TOLD_NAME;
}

enum told_address
told_address(const char *service, struct error *how)
{
	const struct service_facts *facts = service_facts_of(service);
	enum told_address told;

	if (facts == NULL) {
		(void)error_set(how, ERR_OK,
		    "it is not known whether %s tells PAM the client's address",
		    service);
		return TOLD_UNKNOWN;
	}
	told = by_settings(service, facts->address, how);
	if (told != TOLD_NAME)
		(void)error_set(how, ERR_OK, "%s tells PAM %s address", service,
		    told == TOLD_NUMERIC ? "the client's numeric"
					 : "no numeric");
	return told;
}
