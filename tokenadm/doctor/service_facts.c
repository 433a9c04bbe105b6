#include "doctor/service_facts.h"

#include <stddef.h>
#include <string.h>

/*
 * Seen with Debian 12's packages, by a module that wrote each hook down; of
 * pure-ftpd's and openvpn's address the sources say so, too (log_pam.c sets no
 * PAM_RHOST; auth-pam.c sets it from untrusted_ip), of its auth-gen-token its
 * manual page.
 */
static const struct service_facts FACTS[] = {
    {"dovecot", TOLD_NUMERIC, NULL, "auth_cache_size with a cache_key"},
    {"nginx", TOLD_NUMERIC, "at each request, and twice for /", NULL},
    {"openvpn", TOLD_NUMERIC, "at each renegotiation", "auth-gen-token"},
    {"postgresql", TOLD_NUMERIC, NULL, NULL},
    {"proftpd", TOLD_NAME, NULL, NULL},
    {"pure-ftpd", TOLD_NOTHING, NULL, NULL},
    /* freeradius, whose rlm_pam calls itself so */
    {"radiusd", TOLD_NOTHING, NULL, NULL},
    /* saslauthd, which Postfix asks: it takes the name of the protocol */
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
