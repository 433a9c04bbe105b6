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
#include "config/door_callers.h"
#include "config/presets.h"
#include "config/services.h"
#include "token/record.h"

#define CONFIG_PATH_MAX 255   /* bytes of a path in the file */
#define CONFIG_GROUP_MAX 256  /* of the name of a group of users */
#define CONFIG_SOCKET_MAX 107 /* of a socket's path, see unix(7) */
#define CONFIG_ALLOW_MAX 1024 /* of a list of users and groups of them */

/*
 * The PAM service in which users are asked for their passwords when they issue
 * tokens to themselves: a token makes no tokens, and none is taken there.
 */
#define CONFIG_OWN_SERVICE "tokenadm"

/* [self_service]: what users may do with their own tokens. */
struct self_service {
	char allow[CONFIG_ALLOW_MAX + 1]; /* no, yes, or users and @groups */
	bool without_password;            /* confirm = none */
	/* Within the policy: */
	int64_t max_expiry; /* seconds from issue, or TIME_NEVER */
	char services[RECORD_SERVICES_MAX + 1]; /* a list, or `any` */
	char scopes[RECORD_SCOPES_MAX + 1];     /* a list, or `any` */
};

/* [policy]: what may be issued, and what ends by itself. */
struct policy {
	uint64_t max_tokens;    /* usable tokens a user may have */
	uint64_t keep_dead;     /* dead tokens that a user keeps */
	int64_t default_expiry; /* seconds from issue, or TIME_NEVER */
	int64_t max_expiry;     /* likewise */
	int64_t max_unused;     /* seconds; see lifecycle/unused.h */
	char services[RECORD_SERVICES_MAX + 1];   /* a list, or `any` */
	char require_group[CONFIG_GROUP_MAX + 1]; /* of owners; or "" */
	bool refuse_short;                        /* no short tokens */
	uint64_t elsewhere; /* usable ones by other issuers of a fleet */
	/* What holds besides, of who acts for himself; NULL: nothing. */
	const struct self_service *self;
};

/* [policy alice] or [policy @group]: what differs for them. */
struct policy_exception {
	char who[RECORD_USER_MAX + 2]; /* a user, or `@` and a group */
	struct policy policy;          /* only the keys that are given */
	uint64_t given; /* a bit for each key, see config_keys.h */
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

/* [notify]: who is told before a token ends, and when it has. */
#define NOTIFY_BEFORE_MAX 5 /* times */
struct notify_policy {
	char before[64]; /* a list of durations before the expiry */
	char command[CONFIG_PATH_MAX + 1]; /* a path and arguments; or "" */
	bool mails;                        /* mail = yes */
};

/* [door]: for services that have no right to the store. */
struct door_policy {
	char socket[CONFIG_SOCKET_MAX + 1]; /* below /run */
	struct door_caller *callers;
};

/* [fleet]: tokens that other machines issue; see fleet_lookup.h. */
#define CONFIG_FLEET_ID_LEN 32       /* digits */
#define CONFIG_STALE_AFTER_MAX 86400 /* seconds */
#define CONFIG_HOST_MAX 64           /* of the name of a host */
#define CONFIG_HOST_GROUPS_MAX 1024
struct fleet_policy {
	char id[CONFIG_FLEET_ID_LEN + 1]; /* or "": in no fleet */
	char host[CONFIG_HOST_MAX + 1];   /* its name; or "": as uname(2) */
	char groups[CONFIG_HOST_GROUPS_MAX + 1]; /* of hosts, a list; or "" */
	char issuers[CONFIG_PATH_MAX + 1];       /* see fleet_trust.h */
	int64_t stale_after;                     /* seconds */
	bool goes_on_stale;                      /* when_stale = best_effort */
	/* Where its machines meet, see fleet_engine.h */
	char engine[CONFIG_HOST_MAX + 1];
	char source[CONFIG_PATH_MAX + 1]; /* of `file`: a path, or a URL */
	char key[CONFIG_PATH_MAX + 1];    /* of who issues; fleet_key.h */
	int64_t valid_for; /* seconds that a head is good for, or TIME_NEVER */
};

/* [etcd]: of a fleet whose engine that is; see fleet_etcd.h. */
#define CONFIG_ENDPOINTS_MAX 1024
#define CONFIG_PREFIX_MAX 64
struct etcd_policy {
	char endpoints[CONFIG_ENDPOINTS_MAX + 1]; /* URLs, a list; or "" */
	char ca[CONFIG_PATH_MAX + 1];
	char certificate[CONFIG_PATH_MAX + 1]; /* or "" */
	char key[CONFIG_PATH_MAX + 1];         /* of the certificate */
	char user[CONFIG_HOST_MAX + 1];        /* or "": no log-in */
	char password[CONFIG_PATH_MAX + 1];    /* the file that it is in */
	char prefix[CONFIG_PREFIX_MAX + 1];    /* of all keys */
};

/* [https]: of a fleet whose source is a URL; see fleet_https.h. */
struct https_policy {
	char ca[CONFIG_PATH_MAX + 1];          /* or "": the system's */
	char certificate[CONFIG_PATH_MAX + 1]; /* or "" */
	char key[CONFIG_PATH_MAX + 1];         /* of the certificate */
	char user[CONFIG_HOST_MAX + 1];        /* or "": no log-in */
	char password[CONFIG_PATH_MAX + 1];    /* the file that it is in */
};

struct config {
	char directory[CONFIG_PATH_MAX + 1]; /* of the database */
	char key[CONFIG_PATH_MAX + 1];       /* the key file */
	int64_t lock_timeout;                /* seconds */
	struct policy policy;
	struct account_policy account;
	struct confine_policy confine;
	struct notify_policy notify;
	struct door_policy door;
	struct self_service self;
	struct fleet_policy fleet;
	struct etcd_policy etcd;
	struct https_policy https;
	struct error fleet_error; /* what is wrong there, see config_read */
	bool is_for_fleet;  /* fleet_issued.h: it is for other machines, too */
	bool is_for_self;   /* whoever acts does it for himself: self holds */
	bool ends_sessions; /* terminate_on_deactivate = yes */
	struct policy_exception *exceptions;
	struct service_group *groups; /* [services] */
	struct preset *presets;       /* [preset NAME] */
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
 * The same for a login, of which local tokens must not depend on a fleet: what
 * is wrong with a key of [fleet] or [etcd] is no error, but is told by
 * fleet_error, whose text is "" if all is well.
 */
enum err config_read_for_login(
    struct config *config, const char *path, struct error *why);

/*
 * Parses the text of a config file, len bytes; name stands for it in errors.
 * Pure. ERR_CONFIG, ERR_NOMEM. Free the config, even after an error.
 */
enum err config_parse(struct config *config, const char *text, size_t len,
    const char *name, struct error *why);

#endif
