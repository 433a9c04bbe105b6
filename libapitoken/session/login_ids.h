/*
 * The login that a process belongs to, as the kernel and logind number it.
 * Every child inherits both numbers, even a daemon started from a shell; a new
 * login begins where pam_loginuid and pam_systemd set new ones.
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
 * Finds the scope of a logind session in the text of /proc/PID/cgroup, and its
 * length; or NULL. Pure.
 */
const char *login_ids_find_scope(const char *text, size_t *len);

/*
 * Reads those of a process; a pid of 0 means the caller. A kernel without audit
 * sessions or control groups has none. On errors is_known is false.
 */
void login_ids_read(uint64_t pid, struct login_ids *ids);

/*
 * Whether the process got a new audit session, or scope, after `before` was
 * read. Scopes are compared by name, since a path depends on who reads it
 * (cgroup_namespaces(7)). False if that is not known.
 */
bool login_ids_audit_is_new(
    const struct login_ids *before, const struct login_ids *now);
bool login_ids_scope_is_new(
    const struct login_ids *before, const struct login_ids *now);

#endif
