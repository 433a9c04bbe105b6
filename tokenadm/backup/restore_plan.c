#include "backup/restore_plan.h"

#include <errno.h>
#include <string.h>

#include "backup/snapshot_walk.h"
#include "cli/text.h"

static const char *const WORDS[PLAN_KINDS] = {
    [PLAN_ADD] = "add",
    [PLAN_CHANGE] = "change",
    [PLAN_REMOVE] = "remove",
    [PLAN_REVIVE] = "REVIVE",
};

struct comparison {
	struct plan *plan;
	struct store *present, *backup;
	int64_t now;
	struct error *why;
};

/* Counts a token, and adds its line to an unnamed temporary file. */
static enum err
note(struct comparison *comparison, enum plan_kind kind,
    const struct record *record, const char *detail)
{
	struct plan *plan = comparison->plan;
	FILE *list = plan->lists[kind];

	plan->count[kind]++;
	if (plan->now == PLAN_NOW_EMPTY)
		return ERR_OK;
	if (list == NULL)
		list = plan->lists[kind] = tmpfile();
	if (list == NULL)
		return error_set(comparison->why, ERR_SYSTEM,
		    "cannot make a temporary file: %s", strerror(errno));
	fprintf(list, "%-6s  %s  ", WORDS[kind], record->id);
	text_print_name(list, record);
	fputs("  ", list);
	text_print(list, detail);
	fputc('\n', list);
	return ERR_OK;
}

static void
describe_end(const struct record *record, int64_t now, char *text, size_t size)
{
	char at[PARSE_TIME_LEN + 1];
	int len;

	if (now >= record->expires) {
		(void)snprintf(text, size, "expired");
		return;
	}
	if (record_is_usable(record, now)) {
		text_time(record->starts, at);
		(void)snprintf(text, size, "put off since, to %s", at);
		return;
	}
	text_time(record->ended.at, at);
	len = snprintf(text, size, "%s since, %s by %s",
	    record_state_name(record->state), at, record->ended.by);
	if (record->ended.reason[0] != '\0' && len > 0 && (size_t)len < size)
		(void)snprintf(text + len, size - (size_t)len, ": %s",
		    record->ended.reason);
}

static bool
same(const struct record *a, const struct record *b)
{
	static const uint8_t NO_KEY[CRYPTO_KEY_LEN];
	uint8_t bytes[RECORD_BYTES_MAX], others[RECORD_BYTES_MAX];
	size_t len = 0, other_len = 0;

	return record_encode(a, NO_KEY, bytes, &len) == ERR_OK &&
	    record_encode(b, NO_KEY, others, &other_len) == ERR_OK &&
	    len == other_len && memcmp(bytes, others, len) == 0;
}

static bool
can_log_in(const struct record *record, int64_t now)
{
	return record_is_usable(record, now) && record_has_started(record, now);
}

/* Whether it would be good for logins, at once or later, that it is not now. */
static bool
revives(const struct record *backup, const struct record *present, int64_t now)
{
	if (!record_is_usable(backup, now))
		return false;
	return !record_is_usable(present, now) ||
	    (!record_has_started(present, now) &&
		backup->starts < present->starts);
}

/* Compares a token of the backup with the present one. */
static enum err
compare_present(struct comparison *comparison, const struct record *backup,
    const struct record *present)
{
	bool now = can_log_in(present, comparison->now);
	bool then = can_log_in(backup, comparison->now);
	char detail[RECORD_BY_MAX + RECORD_REASON_MAX + 64];

	if (same(backup, present))
		return ERR_OK;
	if (revives(backup, present, comparison->now)) {
		describe_end(present, comparison->now, detail, sizeof(detail));
		return note(comparison, PLAN_REVIVE, backup, detail);
	}
	(void)snprintf(detail, sizeof(detail), "%s",
	    !now || then ? "changed since" : "can log in now, but not then");
	return note(comparison, PLAN_CHANGE, backup, detail);
}

static enum err
compare(const struct record *backup, void *arg)
{
	struct comparison *comparison = arg;
	bool usable = record_is_usable(backup, comparison->now);
	enum plan_kind kind = usable ? PLAN_REVIVE : PLAN_ADD;
	struct record present;
	enum err rc;

	comparison->plan->usable += usable;
	if (comparison->plan->now == PLAN_NOW_EMPTY)
		return note(comparison, PLAN_ADD, backup, "");
	if (comparison->plan->now == PLAN_NOW_DAMAGED)
		return note(comparison, kind, backup, "its state is unknown");
	rc = store_get(
	    comparison->present, backup->id, &present, comparison->why);
	if (rc == ERR_NOT_FOUND)
		return note(comparison, kind, backup, "deleted since");
	if (rc == ERR_DAMAGED)
		return note(comparison, kind, backup, "damaged since");
	return rc == ERR_OK ? compare_present(comparison, backup, &present)
			    : rc;
}

/* Notes a present token that the backup does not have. */
static enum err
find_removed(const char id[TOKEN_ID_LEN + 1], void *arg)
{
	struct comparison *comparison = arg;
	struct record record;
	enum err rc = store_get(
	    comparison->backup, id, &record, comparison->why);

	if (rc != ERR_NOT_FOUND)
		return rc;
	rc = store_get(comparison->present, id, &record, comparison->why);
	if (rc == ERR_OK)
		return note(comparison, PLAN_REMOVE, &record,
		    text_state(&record, comparison->now));
	if (rc != ERR_DAMAGED)
		return rc;
	strcpy(record.id, id);
	return note(comparison, PLAN_REMOVE, &record, "damaged");
}

static enum err
find_now(struct plan *plan, struct store *present, struct error *why)
{
	uint64_t count = 0;
	enum err rc;

	if (present == NULL)
		return ERR_OK;
	rc = snapshot_walk_count(present, &count, why);
	plan->now = count == 0 ? PLAN_NOW_EMPTY : PLAN_NOW_TOKENS;
	return rc;
}

enum err
plan_make(struct plan *plan, struct store *present, struct store *backup,
    int64_t now, struct error *why)
{
	struct comparison comparison = {plan, present, backup, now, why};
	enum err rc = find_now(plan, present, why);

	if (rc == ERR_DAMAGED) {
		plan->now = PLAN_NOW_DAMAGED;
		rc = ERR_OK;
	}
	if (rc == ERR_OK)
		rc = snapshot_walk_tokens(backup, compare, &comparison, why);
	if (rc == ERR_OK && plan->now == PLAN_NOW_TOKENS)
		rc = store_each_id(present, find_removed, &comparison, why);
	return rc;
}

bool
plan_is_empty(const struct plan *plan)
{
	uint64_t all = 0;

	for (size_t i = 0; i < PLAN_KINDS; i++)
		all += plan->count[i];
	return all == 0 && plan->now != PLAN_NOW_DAMAGED;
}

static enum err
print_list(FILE *list, FILE *stream, struct error *why)
{
	char block[4096];
	size_t len;

	if (list == NULL)
		return ERR_OK;
	if (!ferror(list) && fseek(list, 0, SEEK_SET) == 0) {
		while ((len = fread(block, 1, sizeof(block), list)) > 0)
			(void)fwrite(block, 1, len, stream);
		if (!ferror(list))
			return ERR_OK;
	}
	return error_set(why, ERR_SYSTEM,
	    "cannot keep the list of changes in a temporary file: %s",
	    strerror(errno));
}

static void
print_summary(const struct plan *plan, FILE *stream)
{
	const unsigned long long add = plan->count[PLAN_ADD],
				 usable = plan->usable;

	if (plan_is_empty(plan))
		return;
	if (plan->now == PLAN_NOW_EMPTY) {
		fprintf(stream,
		    "There are no tokens here now: %llu would be added, %llu "
		    "of which can log in.\n",
		    add, usable);
		return;
	}
	if (plan->now == PLAN_NOW_DAMAGED)
		fputs("The database here is damaged: which tokens were revoked "
		      "since the backup cannot be told.\n",
		    stream);
	fprintf(stream,
	    "%llu would be added, %llu changed, %llu removed, and %llu that "
	    "cannot log in now BROUGHT BACK TO LIFE.\n",
	    add, (unsigned long long)plan->count[PLAN_CHANGE],
	    (unsigned long long)plan->count[PLAN_REMOVE],
	    (unsigned long long)plan->count[PLAN_REVIVE]);
}

enum err
plan_print(struct plan *plan, FILE *stream, struct error *why)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < PLAN_KINDS; i++)
		rc = print_list(plan->lists[i], stream, why);
	if (rc != ERR_OK)
		return rc;
	print_summary(plan, stream);
	if (text_flush(stream) != ERR_OK)
		return text_not_written(why);
	return ERR_OK;
}

void
plan_free(struct plan *plan)
{
	for (size_t i = 0; i < PLAN_KINDS; i++) {
		if (plan->lists[i] != NULL)
			(void)fclose(plan->lists[i]);
	}
	*plan = (struct plan){0};
}
