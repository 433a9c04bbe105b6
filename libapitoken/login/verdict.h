/*
 * The judgement of a token: a fixed list of checks, each with its outcome.
 * Pure: record, request, account and time come in as arguments.
 */
#ifndef APITOKEN_VERDICT_H
#define APITOKEN_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "account/account.h"
#include "config/services.h"
#include "token/record.h"

/* In the order in which they are made; the first that fails is the reason. */
enum check {
	CHECK_FORM,    /* the text is a token */
	CHECK_KNOWN,   /* its id is in the database */
	CHECK_DIGEST,  /* its secret is the right one */
	CHECK_OWNER,   /* it belongs to this name and uid */
	CHECK_ACCOUNT, /* the account is enabled */
	CHECK_STATE,   /* it is active */
	CHECK_EXPIRY,  /* it has not expired */
	CHECK_CLOCK,   /* it was not issued in the future */
	CHECK_SERVICE, /* it was issued for this service */
	CHECK_SCOPES,  /* it has the scopes that are needed */
	CHECK_ADDRESS, /* it may be used from this address */
};
#define CHECK_COUNT (CHECK_ADDRESS + 1)

enum outcome {
	OUTCOME_SKIPPED = 0, /* an earlier failure left nothing to look at */
	OUTCOME_PASSED,
	OUTCOME_FAILED,
};

/* What a service needs that does not say otherwise. */
#define VERDICT_DEFAULT_NEED "read,write"

/* What a login asks for. The strings are those of the caller. */
struct request {
	const char *service;
	const struct service_group *groups; /* as the config defines them */
	const char *need; /* a list of scopes, all of them needed */
	const char *from; /* the remote address; NULL or "" if unknown */
	int64_t now;      /* seconds */
};

struct verdict {
	bool accepted; /* every check has passed */
	enum outcome outcome[CHECK_COUNT];
	/* What the checks of these names saw, where they were made. */
	enum record_state state;
	enum account_state account;
	enum account_reason account_reason;
	bool has_address; /* the login's is known, and numeric */
};

/*
 * Judges a token that stopped being one before its record was known: the
 * checks before failed have passed, failed has not, the rest are skipped.
 */
void verdict_fail(struct verdict *verdict, enum check failed);

/* Refuses one that has ended by itself, which is to have been revoked. */
void verdict_end(struct verdict *verdict);

/*
 * Judges a token whose form, id and digest have passed.
 */
void verdict_judge(struct verdict *verdict, const struct record *record,
    const struct request *request, const struct account *account);

/* Whether the token has all the scopes of a list. */
bool verdict_has_scopes(const struct record *record, const char *need);

/* The first check that failed; CHECK_COUNT where the token was accepted. */
enum check verdict_failed_check(const struct verdict *verdict);

/* A word for why it was refused, for logs: expired, wrong-service ... */
const char *verdict_reason(const struct verdict *verdict);

/* A word for a check, as verify shows it: form, known, digest ... */
const char *verdict_check_name(enum check check);

#endif
