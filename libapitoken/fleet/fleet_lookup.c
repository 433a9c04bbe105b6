#include "fleet/fleet_lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/list.h"
#include "fleet/fleet_host.h"
#include "fleet/fleet_store.h"
#include "fleet/fleet_trust.h"

#define FIRST_USER 1000 /* useradd(8): UID_MIN of login.defs */
#define NOBODY 65534

/* Of a trusted issuer: what is applied, and how fresh it is. */
struct issuer {
	const struct fleet_trust *trust; /* good now */
	struct fleet_head head;
	bool has_head;
	enum fleet_freshness freshness;
};

/* What is read; on the heap, since a host's threads may have little stack. */
struct look {
	const struct config *config;
	const struct fleet_query *query;
	uint8_t fleet[FLEET_ID_LEN];
	struct fleet_heartbeat heartbeat;
	struct fleet_trusts trusts;
	struct issuer issuers[FLEET_ISSUERS_MAX];
	size_t count;
	struct fleet_entry entry; /* of the id; empty: nothing is known */
	/* Of each of its parts; 0: it says nothing */
	enum fleet_kind kinds[FLEET_ISSUERS_MAX];
	bool matches[FLEET_ISSUERS_MAX]; /* it may be the token */
	struct fleet_record record;
	struct record other;
};

const char *
fleet_answer_name(enum fleet_answer answer)
{
	switch (answer) {
	case FLEET_UNTRUSTED:
		return "untrusted-issuer";
	case FLEET_ELSEWHERE:
		return "wrong-host";
	case FLEET_TOO_OLD:
	case FLEET_UNKNOWN_YET:
		return "stale";
	case FLEET_NOT_ASKED:
	case FLEET_UNKNOWN:
	case FLEET_WRONG_SECRET:
	case FLEET_SEEN:
		break;
	}
	return NULL;
}

static enum err
read_heads(struct look *look, struct fleet_store *store, struct error *why)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < look->count; i++) {
		struct issuer *issuer = &look->issuers[i];

		rc = fleet_store_get_head(
		    store, issuer->trust->issuer, &issuer->head, why);
		issuer->has_head = rc == ERR_OK;
		if (rc == ERR_NOT_FOUND)
			rc = ERR_OK;
	}
	return rc;
}

/*
 * Notes which parts may be the token: all that are one or, with a text, those
 * whose digest is that of the text.
 */
static enum err
read_parts(
    struct look *look, const struct fleet_store *store, struct error *why)
{
	const char *text = look->query->text;

	for (size_t i = 0; i < look->entry.count; i++) {
		const struct fleet_part *part = &look->entry.parts[i];
		struct fleet_record *record = &look->record;

		if (part->len == 0)
			continue;
		if (fleet_record_decode(record, part->bytes, part->len) !=
		    ERR_OK)
			return error_set(why, ERR_NEWER,
			    "token %s of issuer %s: not understood; upgrade "
			    "this machine's pam_apitoken",
			    look->query->id, part->issuer);
		look->kinds[i] = record->kind;
		look->matches[i] = record->kind == FLEET_TOKEN &&
		    (text == NULL ||
			fleet_store_matches(store, text, record->token.digest));
	}
	return ERR_OK;
}

static enum err
read_store(struct look *look, struct error *why)
{
	struct fleet_store *store = NULL;
	enum err rc = fleet_store_open(
	    &store, look->config, STORE_READ, look->query->deadline, why);

	/* Nothing was ever applied: nothing is known, or fresh. */
	if (rc == ERR_MISSING)
		return ERR_OK;
	if (rc == ERR_OK)
		rc = read_heads(look, store, why);
	if (rc == ERR_OK)
		rc = fleet_store_get(store, look->query->id, &look->entry, why);
	if (rc == ERR_OK)
		rc = read_parts(look, store, why);
	fleet_store_close(store);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

static enum err
read_trusts(struct look *look, struct error *why)
{
	enum err rc = fleet_trusts_read(
	    &look->trusts, look->config->fleet.issuers, why);

	for (size_t i = 0; rc == ERR_OK && i < look->trusts.count; i++) {
		const struct fleet_trust *trust = &look->trusts.each[i];

		if (fleet_trust_lasts(trust, look->query->now))
			look->issuers[look->count++].trust = trust;
	}
	return rc;
}

/* Whether what is applied is of the fleet and key that are trusted now. */
static bool
is_of_trust(const struct look *look, const struct issuer *issuer)
{
	return issuer->has_head &&
	    memcmp(issuer->head.fleet, look->fleet, FLEET_ID_LEN) == 0 &&
	    memcmp(issuer->head.key, issuer->trust->key,
		CRYPTO_SIGNATURE_KEY_LEN) == 0;
}

/*
 * The heartbeat comes first: what it speaks of is in the store by then. Its age
 * comes last, since the lock may have kept us waiting.
 */
static enum err
read_all(struct look *look, struct error *why)
{
	const struct fleet_query *query = look->query;
	struct fleet_moment moment;
	enum err rc = fleet_heartbeat_read(query->run, &look->heartbeat, why);

	if (rc == ERR_OK)
		rc = read_trusts(look, why);
	if (rc == ERR_OK)
		rc = read_store(look, why);
	if (rc == ERR_OK)
		rc = fleet_moment_now(&moment, query->now, why);
	for (size_t i = 0; rc == ERR_OK && i < look->count; i++) {
		struct issuer *issuer = &look->issuers[i];

		issuer->freshness = fleet_fresh_judge(&look->heartbeat,
		    issuer->trust->issuer,
		    issuer->has_head ? &issuer->head : NULL, &moment,
		    look->config->fleet.stale_after);
		if (issuer->freshness == FLEET_FRESH &&
		    !is_of_trust(look, issuer))
			issuer->freshness = FLEET_STALE;
	}
	return rc;
}

static const struct issuer *
find_issuer(const struct look *look, const char *name)
{
	for (size_t i = 0; i < look->count; i++) {
		if (strcmp(look->issuers[i].trust->issuer, name) == 0)
			return &look->issuers[i];
	}
	return NULL;
}

/*
 * The least fresh of those who may revoke, and of this issuer; NULL: of all,
 * for any of them may have issued what is not known.
 */
static enum fleet_freshness
least_fresh(const struct look *look, const struct issuer *own)
{
	enum fleet_freshness least = FLEET_FRESH;

	for (size_t i = 0; i < look->count; i++) {
		const struct issuer *issuer = &look->issuers[i];

		if ((own == NULL || issuer == own ||
			issuer->trust->may_revoke) &&
		    issuer->freshness < least)
			least = issuer->freshness;
	}
	return least;
}

static bool
names_user(const struct fleet_trust *trust, const char *user)
{
	return list_has(trust->users, user);
}

static bool
may_issue_it(const struct look *look, const struct issuer *issuer,
    const struct record *record)
{
	const struct fleet_trust *trust = issuer->trust;

	return trust->may_issue && is_of_trust(look, issuer) &&
	    (list_has(trust->users, "any") ||
		names_user(trust, record->user)) &&
	    services_include(
		look->config->groups, trust->services, look->query->service);
}

/* Any revocation counts: only who may revoke could have one applied. */
static void
apply_revocations(struct look *look, struct record *record)
{
	for (size_t i = 0; i < look->entry.count; i++) {
		const struct fleet_part *part = &look->entry.parts[i];

		if (look->kinds[i] != FLEET_REVOKE ||
		    fleet_record_decode(
			&look->record, part->bytes, part->len) != ERR_OK)
			continue;
		record->state = RECORD_REVOKED;
		record->ended = look->record.token.ended;
	}
}

static void
apply_overlay(const struct fleet_overlay *overlay, struct record *record)
{
	if (overlay->state == 0)
		return;
	record->state = overlay->state;
	record->ended = overlay->ended;
}

static bool
is_for_this_host(const struct look *look)
{
	char name[PARSE_HOST_MAX + 1];

	fleet_host_name(look->config, name);
	return fleet_host_is_meant(
	    &look->record, name, look->config->fleet.groups);
}

static enum fleet_answer
judge_freshness(struct fleet_lookup *lookup, const struct look *look,
    const struct issuer *own)
{
	enum fleet_freshness least = least_fresh(look, own);

	/* Acknowledged revocations are known to be lost. */
	if (least == FLEET_BEHIND ||
	    (least == FLEET_STALE && !look->config->fleet.goes_on_stale))
		return FLEET_TOO_OLD;
	lookup->is_stale = least == FLEET_STALE;
	return FLEET_SEEN;
}

/* Judges one part, which is a token. */
static void
judge_part(struct fleet_lookup *lookup, struct record *record,
    struct look *look, const struct fleet_part *part)
{
	const struct issuer *own = find_issuer(look, part->issuer);
	bool is_here;

	*lookup = (struct fleet_lookup){.answer = FLEET_UNTRUSTED};
	strcpy(lookup->issuer, part->issuer);
	(void)fleet_record_decode(&look->record, part->bytes, part->len);
	*record = look->record.token;
	strcpy(record->id, look->query->id);
	is_here = is_for_this_host(look);
	lookup->is_unbound = !look->record.has_uid && !part->overlay.has_uid;
	if (!look->record.has_uid && part->overlay.has_uid)
		record->uid = part->overlay.uid;
	apply_overlay(&part->overlay, record);
	apply_revocations(look, record);
	if (own == NULL || !may_issue_it(look, own, record))
		return;
	lookup->is_named = names_user(own->trust, record->user);
	if (record->state != RECORD_ACTIVE)
		lookup->answer = FLEET_SEEN;
	else if (!is_here)
		lookup->answer = FLEET_ELSEWHERE;
	else
		lookup->answer = judge_freshness(lookup, look, own);
}

static bool
is_good(const struct fleet_lookup *lookup, const struct record *record)
{
	return lookup->answer == FLEET_SEEN && record->state == RECORD_ACTIVE;
}

/*
 * The first part that is good, or else the first: another issuer's token of the
 * same id takes nothing away.
 */
static void
judge(struct fleet_lookup *lookup, struct record *record, struct look *look)
{
	bool has_token = false;

	for (size_t i = 0; i < look->entry.count; i++) {
		struct fleet_lookup other;

		has_token = has_token || look->kinds[i] == FLEET_TOKEN;
		if (!look->matches[i])
			continue;
		if (lookup->answer == FLEET_UNKNOWN) {
			judge_part(lookup, record, look, &look->entry.parts[i]);
			continue;
		}
		if (is_good(lookup, record))
			return;
		judge_part(&other, &look->other, look, &look->entry.parts[i]);
		if (is_good(&other, &look->other)) {
			*lookup = other;
			*record = look->other;
		}
	}
	if (lookup->answer == FLEET_UNKNOWN && has_token)
		lookup->answer = FLEET_WRONG_SECRET;
	if (lookup->answer == FLEET_UNKNOWN &&
	    least_fresh(look, NULL) != FLEET_FRESH)
		lookup->answer = FLEET_UNKNOWN_YET;
}

enum err
fleet_lookup_run(struct fleet_lookup *lookup, struct record *record,
    const struct config *config, const struct fleet_query *query,
    struct error *why)
{
	struct look *look = calloc(1, sizeof(*look));
	enum err rc = ERR_OK;

	*lookup = (struct fleet_lookup){.answer = FLEET_UNKNOWN};
	*record = (struct record){0};
	if (look == NULL)
		return error_plain(why, ERR_NOMEM);
	look->config = config;
	look->query = query;
	if (!hex_get(look->fleet, FLEET_ID_LEN, config->fleet.id))
		rc = error_plain(why, ERR_INTERNAL);
	if (rc == ERR_OK)
		rc = read_all(look, why);
	if (rc == ERR_OK)
		judge(lookup, record, look);
	fleet_entry_free(&look->entry);
	fleet_trusts_free(&look->trusts);
	free(look);
	return rc;
}

/* useradd(8) gives numbers below to services. */
static bool
is_system(uid_t uid)
{
	return uid < FIRST_USER || uid == NOBODY;
}

void
fleet_lookup_account(
    struct fleet_lookup *lookup, struct record *record, uid_t uid)
{
	if (lookup->answer == FLEET_SEEN && is_system(uid) && !lookup->is_named)
		lookup->answer = FLEET_UNTRUSTED;
	if (lookup->is_unbound)
		record->uid = uid;
}
