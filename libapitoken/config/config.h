/*
 * apitoken.conf: a strict INI file. What is not understood is an error with
 * file and line, never a default.
 */
#ifndef APITOKEN_CONFIG_H
#define APITOKEN_CONFIG_H

#include <limits.h>
#include <stdint.h>

#include "account/account.h"
#include "base/error.h"
#include "base/path_list.h"
#include "config/services.h"
#include "token/record.h"

#define CONFIG_PATH_MAX 255 /* bytes of a path in the file */

/* [policy]: what may be issued. */
struct policy {
	uint64_t max_tokens;    /* usable tokens a user may have */
	uint64_t keep_dead;     /* dead tokens that a user keeps */
	int64_t default_expiry; /* seconds from issue, or TIME_NEVER */
	int64_t max_expiry;     /* likewise */
	char services[RECORD_SERVICES_MAX + 1]; /* a list, or `any` */
};

/* [policy alice] or [policy @group]: what differs for them. */
struct policy_exception {
	char who[RECORD_USER_MAX + 2]; /* a user, or `@` and a group */
	struct policy policy;          /* only the keys that are given */
	uint32_t given; /* a bit for each key, see config_keys.h */
	struct policy_exception *next; /* in the order of the file */
};

/* Which process becomes a confined session: the module option confine=. */
enum confine_mode {
	CONFINE_NEVER = 0, /* none: `need=` alone decides */
	CONFINE_CHILD,     /* the child that runs setcred */
	CONFINE_PROCESS,   /* the process that runs the hooks */
};

/* [confine]: sessions that cannot change files. */
struct confine_policy {
	char services[RECORD_SERVICES_MAX + 1]; /* a list: may be confined */
	char writable[PATH_LIST_MAX + 1]; /* may be changed, see path_list.h */
	char visible[PATH_LIST_MAX + 1];  /* seen, though below a hidden one */
	char hidden[PATH_LIST_MAX + 1];   /* not seen */
	char programs[PATH_LIST_MAX + 1]; /* begin sessions as confine= says */
};

struct config {
	char directory[CONFIG_PATH_MAX + 1]; /* of the database */
	char key[CONFIG_PATH_MAX + 1];       /* the key file */
	int64_t lock_timeout;                /* seconds */
	struct policy policy;
	struct account_policy account;
	struct confine_policy confine;
	bool ends_sessions; /* terminate_on_deactivate = yes */
	struct policy_exception *exceptions;
	struct service_group *groups; /* [services] */
};

/* Frees what the config has allocated. */
void config_free(struct config *config);

/* Sets in policy the keys that the exception gives. */
void config_apply(
    const struct policy_exception *exception, struct policy *policy);

/* The name of the file that config_read reads: path, or the system's. */
const char *config_file_name(const char *path);

/*
 * Reads the file at path or, if path is NULL, the system's, which may be
 * missing: all is default then.
 * ERR_CONFIG, ERR_UNSAFE, ERR_MISSING, ERR_SYSTEM, with file and line. Free the
 * config with config_free, even after an error.
 */
enum err config_read(
    struct config *config, const char *path, struct error *why);

/*
 * Parses the text of a config file, len bytes; name stands for it in errors.
 * Pure. ERR_CONFIG, ERR_NOMEM. Free the config, even after an error.
 */
enum err config_parse(struct config *config, const char *text, size_t len,
    const char *name, struct error *why);

#endif
