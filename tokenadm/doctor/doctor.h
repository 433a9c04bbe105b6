/* Shared by the parts of tokenadm doctor: each file checks one thing. */
#ifndef TOKENADM_DOCTOR_H
#define TOKENADM_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "cli/command.h"
#include "doctor/report.h"
#include "doctor/service_runner.h"
#include "login/module_options.h"
#include "pam/pamstack.h"

#define DOCTOR_NAMES_MAX 256

/* A service that a token names, and one such token. */
struct doctor_name {
	char service[PARSE_SERVICE_MAX + 1];
	char id[TOKEN_ID_LEN + 1];
	char user[RECORD_USER_MAX + 1];
};

struct doctor {
	struct context *context;
	struct report report;
	const char *service;        /* the one to check; NULL: all */
	const char *user;           /* of the login to check, or NULL */
	enum service_search search; /* for the program behind a service */
	bool reads_tokens;          /* the store can be read */
	int64_t newest; /* when the newest token was issued; 0: unknown */
	struct doctor_name names[DOCTOR_NAMES_MAX];
	size_t name_count;
	bool confines; /* some line has confine= */
};

/* Whether the doctor should check this service. */
static inline bool
doctor_wants(const struct doctor *doctor, const char *service)
{
	return doctor->service == NULL || strcmp(doctor->service, service) == 0;
}

/* store, key; then the tokens themselves, if the store can be read. */
void doctor_config(struct doctor *doctor);
void doctor_store(struct doctor *doctor);
void doctor_tokens(struct doctor *doctor);

/* config, too: the groups that policies require. */
void doctor_groups(struct doctor *doctor);

/* module: the file that PAM loads. */
void doctor_module(struct doctor *doctor);

/* service NAME: one, or all that use the module or are named by a token. */
void doctor_services(struct doctor *doctor);

/* The options of our lines in a stack. */
void doctor_options(
    struct doctor *doctor, const struct pamstack *stack, const char *service);

/* sshd, vsftpd, proftpd: their settings, if they are installed. */
void doctor_sshd(struct doctor *doctor);
void doctor_vsftpd(struct doctor *doctor);
void doctor_proftpd(struct doctor *doctor);

/* Whether sshd may ask PAM as the service, so that `sshd -T` has to be run. */
bool doctor_concerns_sshd(const struct doctor *doctor);

/* Its penalties for refused logins; said is what `sshd -T` printed. */
void doctor_sshd_penalties(struct report *report, const char *said);

/* A program, and the file that sets the PAM service name it uses. */
struct doctor_host {
	const char *program, *file;
	const char *service;
};

/*
 * Whether confine=, if the program's stack has it, is meant for that program.
 * If not, adds a finding; the caller adds the fix.
 */
bool doctor_host(struct doctor *doctor, const struct doctor_host *host,
    const struct pamstack *stack);

/* self_service: what users need for their own tokens. */
void doctor_own(struct doctor *doctor);

/* passwd: the file that shows deletions. */
void doctor_passwd(struct doctor *doctor);

/* Hosts that may cache PAM's answer, if they are installed. */
void doctor_dovecot(struct doctor *doctor);
void doctor_openvpn(struct doctor *doctor);
void doctor_saslauthd(struct doctor *doctor);
void doctor_squid(struct doctor *doctor);

/* kernel, clock, run, watch. */
void doctor_machine(struct doctor *doctor);
void doctor_watch(struct doctor *doctor);

/* fleet: if this machine is in one; and where its machines meet. */
void doctor_fleet(struct doctor *doctor);
void doctor_fleet_engine(struct doctor *doctor);

/* doctor --login: judges a token read from standard input. */
enum err doctor_login(struct context *context, const struct args *args,
    const char *user, const char *service);

#endif
