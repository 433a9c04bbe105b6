#include "lib/fleet.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/hex.h"
#include "fleet/fleet_set.h"
#include "lib/unit.h"

void
issuer_start(struct issuer *issuer, const char *name)
{
	*issuer = (struct issuer){0};
	crypto_plain_hash(issuer->secret, name, strlen(name));
	crypto_signature_key(issuer->trust.key, issuer->secret);
	strcpy(issuer->trust.issuer, name);
	issuer->trust.may_issue = issuer->trust.may_revoke = true;
	strcpy(issuer->trust.users, "any");
	strcpy(issuer->trust.services, "any");
	issuer->trust.not_after = TIME_NEVER;
	issuer->head.epoch = 1;
	strcpy(issuer->head.issuer, name);
	assert_true(hex_get(issuer->head.fleet, FLEET_ID_LEN, FLEET_ID_TEXT));
	issuer->head.time = NOW;
	issuer->head.valid_until = NOW + DAY;
}

void
issuer_free(struct issuer *issuer)
{
	free(issuer->records);
	fleet_list_free(&issuer->list);
	*issuer = (struct issuer){0};
}

/* Where the id is, or belongs. */
static size_t
place_of(const struct issuer *issuer, const char *id, bool *is_there)
{
	size_t low = 0, high = issuer->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(issuer->records[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*is_there = low < issuer->count &&
	    strcmp(issuer->records[low].id, id) == 0;
	return low;
}

void
issuer_put(
    struct issuer *issuer, const char *id, const struct fleet_record *record)
{
	bool is_there;
	size_t at = place_of(issuer, id, &is_there);
	struct issuer_record *one;

	if (!is_there) {
		issuer->records = reallocarray(issuer->records,
		    issuer->count + 1, sizeof(*issuer->records));
		assert_non_null(issuer->records);
		memmove(issuer->records + at + 1, issuer->records + at,
		    (issuer->count - at) * sizeof(*issuer->records));
		issuer->count++;
	}
	one = &issuer->records[at];
	memset(one, 0, sizeof(*one));
	strcpy(one->id, id);
	assert_ok(fleet_record_encode(record, one->bytes, &one->len));
}

void
issuer_drop(struct issuer *issuer, const char *id)
{
	bool is_there;
	size_t at = place_of(issuer, id, &is_there);

	assert_true(is_there);
	issuer->count--;
	memmove(issuer->records + at, issuer->records + at + 1,
	    (issuer->count - at) * sizeof(*issuer->records));
}

void
issuer_sign_head(struct issuer *issuer)
{
	char text[FLEET_HEAD_MAX + 1];
	size_t used, len = fleet_head_sign(&issuer->head, issuer->secret, text);

	assert_int_not_equal(len, 0);
	assert_ok(fleet_head_read(&issuer->list.head, text, len, &used));
	assert_int_equal(used, len);
	issuer->head = issuer->list.head;
}

const struct fleet_list *
issuer_sign(struct issuer *issuer)
{
	struct fleet_set set;

	fleet_list_free(&issuer->list);
	issuer->list.items = calloc(
	    issuer->count + 1, sizeof(*issuer->list.items));
	assert_non_null(issuer->list.items);
	issuer->list.count = issuer->count;
	fleet_set_start(&set, issuer->count);
	for (size_t i = 0; i < issuer->count; i++) {
		const struct issuer_record *one = &issuer->records[i];
		struct fleet_item *item = &issuer->list.items[i];
		uint8_t hash[CRYPTO_HASH_LEN];

		strcpy(item->id, one->id);
		item->bytes = one->bytes;
		item->len = one->len;
		fleet_record_hash(hash, one->id, one->bytes, one->len);
		fleet_set_add(&set, one->id, hash);
	}
	fleet_set_end(&set, issuer->head.set);
	issuer->head.count = issuer->count;
	issuer->head.seq++;
	issuer_sign_head(issuer);
	return &issuer->list;
}

uint8_t *
issuer_snapshot(const struct issuer *issuer, size_t *len)
{
	uint8_t *bytes = malloc(FLEET_HEAD_MAX + 1 +
	    issuer->list.count * (FLEET_ITEM_HEAD + FLEET_RECORD_MAX));

	assert_non_null(bytes);
	*len = fleet_head_sign(&issuer->head, issuer->secret, (char *)bytes);
	for (size_t i = 0; i < issuer->list.count; i++) {
		const struct fleet_item *item = &issuer->list.items[i];

		fleet_snapshot_item(item, bytes + *len);
		memcpy(bytes + *len + FLEET_ITEM_HEAD, item->bytes, item->len);
		*len += FLEET_ITEM_HEAD + item->len;
	}
	return bytes;
}

void
fleet_sample(struct fleet_record *record, const char *text)
{
	struct record *token = &record->token;

	*record = (struct fleet_record){.kind = FLEET_TOKEN};
	crypto_plain_hash(token->digest, text, strlen(text));
	token->state = RECORD_ACTIVE;
	strcpy(token->user, "alice");
	strcpy(token->name, "deploy");
	strcpy(token->services, "sshd");
	strcpy(token->scopes, "read,write");
	token->expires = NOW + 30 * DAY;
	token->created.at = NOW - DAY;
}

#define SCOPE_MAX 32 /* see parse_is_scope */

/* A list of just this length, of words that are as long as they may be. */
static void
fill_list(char *list, size_t most, size_t word)
{
	size_t len = 0;

	for (unsigned i = 0; len < most; i++) {
		size_t left = most - len - (i > 0);
		int digits = (int)(left < word ? left : word) - 1;

		len += (size_t)sprintf(
		    list + len, "%sw%0*u", i == 0 ? "" : ",", digits, i);
	}
}

void
fleet_sample_largest(struct fleet_record *record, const char *text)
{
	struct record *token = &record->token;

	fleet_sample(record, text);
	sample_largest(token);
	crypto_plain_hash(token->digest, text, strlen(text));
	token->id[0] = '\0';
	fill_list(token->services, RECORD_SERVICES_MAX, PARSE_SERVICE_MAX);
	fill_list(token->scopes, RECORD_SCOPES_MAX, SCOPE_MAX);
	token->ended.at = token->created.at = NOW;
	token->expires = token->starts = NOW;
	record->has_uid = record->ends_sessions = true;
	fill_list(record->hosts, FLEET_HOSTS_LEN - 1, PARSE_HOST_MAX);
	fill_list(record->groups, FLEET_HOSTS_LEN - 1, PARSE_HOST_MAX);
}

void
fleet_sample_revoke(struct fleet_record *record)
{
	*record = (struct fleet_record){.kind = FLEET_REVOKE};
	record->token.expires = NOW + 30 * DAY;
	record->token.ended.at = NOW;
	strcpy(record->token.ended.by, "root");
	strcpy(record->token.ended.reason, "leaked");
}

void
fleet_host_start(struct scratch *scratch)
{
	struct fleet_policy *fleet = &scratch->config.fleet;

	strcpy(fleet->id, FLEET_ID_TEXT);
	strcpy(fleet->host, "web1");
	strcpy(fleet->groups, "web");
	strcpy(fleet->issuers, scratch_path(scratch, "issuers"));
	fleet->stale_after = 30;
	assert_int_equal(mkdir(fleet->issuers, 0755), 0);
	assert_int_equal(chmod(fleet->issuers, 0755), 0);
}

struct fleet_applied
fleet_host_apply(const struct scratch *scratch, const struct issuer *issuer)
{
	struct fleet_applied applied;

	assert_ok(fleet_apply(&applied, &scratch->config, &issuer->list,
	    &issuer->trust, NOW, deadline_in(MINUTE), &why));
	return applied;
}

static const char *
trust_path(const struct scratch *scratch, const struct issuer *issuer)
{
	char name[128];

	(void)snprintf(
	    name, sizeof(name), "issuers/%s.pub", issuer->trust.issuer);
	return scratch_path(scratch, name);
}

void
fleet_host_trust(const struct scratch *scratch, const struct issuer *issuer)
{
	const struct fleet_trust *trust = &issuer->trust;
	char text[4096], key[2 * CRYPTO_SIGNATURE_KEY_LEN + 1];
	char until[PARSE_TIME_LEN + 1] = "never";

	hex_put(key, trust->key, sizeof(trust->key));
	if (trust->not_after != TIME_NEVER)
		parse_format_time(trust->not_after, until);
	(void)snprintf(text, sizeof(text),
	    "[issuer]\nkey = %s\nmay = %s%s%s\nusers = %s\nservices = %s\n"
	    "not_after = %s\n",
	    key, trust->may_issue ? "issue" : "",
	    trust->may_issue && trust->may_revoke ? "," : "",
	    trust->may_revoke ? "revoke" : "", trust->users, trust->services,
	    until);
	scratch_write(trust_path(scratch, issuer), text, strlen(text), 0644);
}

void
fleet_host_distrust(const struct scratch *scratch, const struct issuer *issuer)
{
	assert_int_equal(unlink(trust_path(scratch, issuer)), 0);
}
