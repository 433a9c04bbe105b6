/*
 * The login that a process stems from, as the kernel and logind number it. Both
 * numbers are inherited by every child, those of a daemon that was started from
 * a shell, too; a login of its own begins where pam_loginuid and pam_systemd
 * give them anew.
 */
#ifndef APITOKEN_LOGIN_IDS_H
#define APITOKEN_LOGIN_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The kernel's word for `none`, see /proc/PID/sessionid in proc(5). */
#define LOGIN_IDS_NO_AUDIT UINT32_MAX
#define LOGIN_IDS_SCOPE_MAX 255

struct login_ids {
	bool is_known;  /* both could be read */
	uint32_t audit; /* the audit session ID; or LOGIN_IDS_NO_AUDIT */
	/* The control group of logind's session, up to `.scope`; "": none */
	char scope[LOGIN_IDS_SCOPE_MAX + 1];
};

/*
 * The scope of a session of logind's in what /proc/PID/cgroup holds, and its
 * length; or NULL. Pure.
 */
const char *login_ids_find_scope(const char *text, size_t *len);

/*
 * Reads those of a process; a pid of 0 means the caller. A kernel without audit
 * sessions or control groups has none. Otherwise is_known is false.
 */
void login_ids_read(uint64_t pid, struct login_ids *ids);

/*
 * Whether the process got its audit session, or its scope, after `before` had
 * been read of it. Scopes are compared by their names, since a path depends on
 * who reads it (cgroup_namespaces(7)). False where it is not known.
 */
bool login_ids_audit_is_new(
    const struct login_ids *before, const struct login_ids *now);
bool login_ids_scope_is_new(
    const struct login_ids *before, const struct login_ids *now);

#endif
