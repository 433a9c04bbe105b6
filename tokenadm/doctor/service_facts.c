#include "doctor/service_facts.h"

#include <stddef.h>
#include <string.h>

/*
 * Observed with Debian 12's packages, using a module that logs each hook. The
 * sources confirm the addresses of pure-ftpd (log_pam.c sets no PAM_RHOST) and
 * openvpn (auth-pam.c sets it from untrusted_ip), and the manual page confirms
 * openvpn's auth-gen-token.
 */
static const struct service_facts FACTS[] = {
    {"dovecot", TOLD_NUMERIC, NULL, "auth_cache_size with a cache_key"},
    {"nginx", TOLD_NUMERIC, "at each request, and twice for /", NULL},
    {"openvpn", TOLD_NUMERIC, "at each renegotiation", "auth-gen-token"},
    {"postgresql", TOLD_NUMERIC, NULL, NULL},
    {"proftpd", TOLD_NAME, NULL, NULL},
    {"pure-ftpd", TOLD_NOTHING, NULL, NULL},
    /* freeradius: the name that rlm_pam uses */
    {"radiusd", TOLD_NOTHING, NULL, NULL},
    /* saslauthd, used by Postfix: the service is the protocol's name */
    {"smtp", TOLD_NOTHING, NULL, "saslauthd -c"},
    /* squid.conf.documented, auth_param */
    {"squid", TOLD_NOTHING, "after its credentialsttl", "credentialsttl"},
    {"sshd", TOLD_NUMERIC, NULL, NULL},
    {"vsftpd", TOLD_NUMERIC, NULL, NULL},
    {"xrdp-sesman", TOLD_NOTHING, NULL, NULL},
};

const struct service_facts *
service_facts_of(const char *service)
{
	for (size_t i = 0; i < sizeof(FACTS) / sizeof(FACTS[0]); i++) {
		if (strcmp(FACTS[i].service, service) == 0)
			return &FACTS[i];
	}
	return NULL;
}

const char *
service_facts_asks_again(const char *service)
{
	const struct service_facts *facts = service_facts_of(service);

	return facts == NULL ? NULL : facts->asks_again;
}
