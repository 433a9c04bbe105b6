/* doctor: whether refused tokens keep sshd from taking connections at all. */
#include <string.h>

#include "doctor/doctor.h"
#include "doctor/sshd_config.h"

/* Since OpenSSH 9.8: lines of `sshd -T`, the first with its defaults. */
#define PENALTIES "\npersourcepenalties "
#define BY_DEFAULT " authfail:5 "
#define NO_EXEMPTIONS "\npersourcepenaltyexemptlist none\n"

/*
 * Five refusals of tokens at once are enough for sshd to close every connection
 * from their address, before PAM is asked. Who has set authfail, or exempted
 * addresses, knows that.
 */
void
doctor_sshd_penalties(struct report *report, const char *said)
{
	const char *line = strstr(said, PENALTIES);
	const char *found = line != NULL ? strstr(line, BY_DEFAULT) : NULL;

	if (found == NULL || memchr(line + 1, '\n', (size_t)(found - line)) ||
	    strstr(said, NO_EXEMPTIONS) == NULL)
		return;
	report_add(report, REPORT_NOTE,
	    "PerSourcePenalties, as OpenSSH has it: after some refused logins "
	    "from an address, sshd closes all connections from there, so that "
	    "a program with an old token locks out everybody behind the same "
	    "address");
	report_fix(report,
	    "in %s: PerSourcePenaltyExemptList ADDRESS,... or "
	    "PerSourcePenalties authfail:1s; then systemctl reload ssh",
	    SSHD_CONFIG);
}
