#include "trial.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/broken.h"
#include "login/evaluate.h"
#include "runs.h"
#include "store/last_use.h"
#include "store/users.h"
#include "trial_impl.h"

#define TRIAL_ADDED 600           /* tokens, more than the free space holds */
#define TODAY INT64_C(1750000000) /* after everything that was done */

void
trial_start(struct trial *trial, struct host *host, const struct past *past,
    enum past_moment moment, const struct image *bad)
{
	*trial = (struct trial){.host = host, .past = past, .moment = moment};
	for (size_t i = 0; i < PAST_TOKENS; i++)
		trial->allowed[i] = trial->due[i] =
		    past->tokens[i].accepted[moment];
	scratch_write(
	    scratch_database(host->scratch), bad->bytes, bad->size, 0600);
	/* A failed trial may have left another store. */
	scratch_write(
	    scratch_key(host->scratch), past->key.bytes, past->key.size, 0600);
	trial_reread(trial);
	/* A change that was undone leaves what was there before. */
	if (moment != PAST_HALF && layout_is_to_be_undone(&trial->bad))
		trial_mix(trial, PAST_OLD);
}

void
trial_mix(struct trial *trial, enum past_moment other)
{
	trial->mixed = true;
	for (size_t i = 0; i < PAST_TOKENS; i++) {
		bool accepted = trial->past->tokens[i].accepted[other];

		trial->allowed[i] |= accepted;
		trial->due[i] &= accepted;
	}
}

void
trial_end(struct trial *trial)
{
	free(trial->bad.bytes);
	trial->bad.bytes = NULL;
}

void
trial_reread(struct trial *trial)
{
	const char *path = scratch_database(trial->host->scratch);

	free(trial->bad.bytes);
	trial->bad.bytes = scratch_read(path, &trial->bad.size);
}

void
trial_expect_file(const char *path, const struct image *image, const char *who)
{
	size_t size;
	uint8_t *bytes = scratch_read(path, &size);

	runs_expect(
	    size == image->size && memcmp(bytes, image->bytes, size) == 0,
	    "%s left %s as it was", who, path);
	free(bytes);
}

/* All but the notes of uses: a login that finds these damaged removes them. */
static unsigned
count_files(const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	unsigned count = 0;

	assert_non_null(directory);
	while ((entry = readdir(directory)) != NULL)
		count += strcmp(entry->d_name, "usage.tdb") != 0;
	(void)closedir(directory);
	return count - 2;
}

void
trial_expect_unchanged(const struct trial *trial, const char *who)
{
	const struct scratch *scratch = trial->host->scratch;
	struct stat lock;

	trial_expect_file(scratch_database(scratch), &trial->bad, who);
	trial_expect_file(scratch_key(scratch), &trial->past->key, who);
	assert_int_equal(stat(scratch_lock(scratch), &lock), 0);
	runs_expect(lock.st_size == 0, "%s left the lock empty", who);
	/* tokens.tdb, its lock, and that of usage.tdb; and the key */
	runs_expect(count_files(scratch->config.directory) == 3 &&
		count_files(scratch_path(scratch, "etc")) == 1,
	    "%s made no file", who);
}

static bool
log_in(const struct trial *trial, const struct past_token *token)
{
	const struct attempt attempt = {
	    .id = token->record[PAST_NEW].id,
	    .text = token->text,
	    .user = token->as,
	    .service = SERVICE,
	    .need = "read",
	    .now = TODAY,
	    .deadline = deadline_in(TRIAL_TIMEOUT * 1000),
	};
	struct verdict verdict = {.accepted = true};
	struct record record;
	enum err rc = evaluate_attempt(
	    &verdict, &record, &trial->host->scratch->config, &attempt, &why);

	runs_expect(rc != ERR_BUSY, "no login waits for ever: %s", why.text);
	runs_expect(rc == ERR_OK || !verdict.accepted, "trouble accepts none");
	return rc == ERR_OK && verdict.accepted;
}

void
trial_log_in_by_core(struct trial *trial)
{
	for (size_t i = 0; i < PAST_TOKENS; i++) {
		bool accepted;

		runs_step("a login", TRIAL_TIMEOUT + TRIAL_SLACK);
		accepted = log_in(trial, &trial->past->tokens[i]);
		runs_expect(!accepted || trial->allowed[i],
		    "token %zu is refused by the core", i);
		trial->troubled |= trial->due[i] && !accepted;
		runs_tally(RUNS_LOGINS);
		if (accepted)
			runs_tally(RUNS_ACCEPTED);
	}
}

static enum err
read_tokens(struct store *store, const char *user)
{
	struct index index;
	enum err rc = store_get_index(store, user, &index, &why);

	for (size_t i = 0; rc == ERR_OK && i < index.count; i++) {
		struct record record;

		rc = store_get(store, index.ids[i], &record, &why);
	}
	index_free(&index);
	return rc;
}

/* As `tokenadm list` does. */
static enum err
list_all(const struct trial *trial)
{
	const struct scratch *scratch = trial->host->scratch;
	struct store *store = NULL;
	struct users users;
	enum err rc = users_read(&users, &scratch->config, &why);

	if (rc == ERR_OK)
		rc = scratch_open(scratch, &store, STORE_READ);
	for (size_t i = 0; rc == ERR_OK && i < users.count; i++)
		rc = read_tokens(store, users.names[i]);
	store_close(store);
	users_free(&users);
	return rc;
}

void
trial_read(struct trial *trial)
{
	/* The first reader restores the bytes that are judged then. */
	if (!trial->lying && layout_is_to_be_undone(&trial->bad)) {
		trial_log_in_by_core(trial);
		trial_reread(trial);
		trial->troubled = false;
	}
	trial_log_in_by_core(trial);
	runs_step("a list", TRIAL_TIMEOUT + TRIAL_SLACK);
	trial->troubled |= list_all(trial) != ERR_OK;
	trial_expect_unchanged(trial, "a reader");
}

void
trial_log_in(struct trial *trial)
{
	struct host *host = trial->host;

	runs_step("a login through libpam", TRIAL_TIMEOUT + TRIAL_SLACK);
	for (size_t i = 0; i < PAST_TOKENS; i++) {
		const struct past_token *token = &trial->past->tokens[i];
		int code;

		if (strcmp(token->as, ALICE) != 0 &&
		    strcmp(token->as, BOB) != 0)
			continue;
		host_start(host, token->as, token->text);
		code = host_authenticate(host);
		runs_expect(code == PAM_PERM_DENIED ||
			(code == PAM_SUCCESS && trial->allowed[i]),
		    "token %zu is refused by the module (%d)", i, code);
		runs_expect(
		    code == PAM_SUCCESS || !trial->due[i] || trial->troubled,
		    "token %zu is accepted by the module as by the core", i);
		runs_tally(RUNS_PAM);
	}
	host_start(host, ALICE, "a password");
	runs_expect(host_authenticate(host) == PAM_AUTH_ERR,
	    "the module leaves passwords alone");
	trial_expect_unchanged(trial, "the module");
}

/* Enough tokens to make the file grow. */
static enum err
add_many(struct store *store)
{
	struct record record;
	enum err rc = ERR_OK;

	for (int i = 0; rc == ERR_OK && i < TRIAL_ADDED; i++) {
		char name[24];

		(void)snprintf(name, sizeof(name), "fresh%d", i);
		sample_record(&record, ALICE, name);
		rc = store_add(store, &record, &why);
	}
	return rc;
}

void
trial_write(struct trial *trial)
{
	struct store *store = NULL;
	enum err rc;

	runs_step("a write", TRIAL_TIMEOUT + TRIAL_SLACK);
	rc = scratch_open(trial->host->scratch, &store, STORE_WRITE);
	if (rc == ERR_OK)
		rc = add_many(store);
	if (rc == ERR_OK)
		rc = store_commit(store, &why);
	store_close(store);
	runs_expect(rc == ERR_OK || why.text[0] != '\0', "a failure says why");
	trial_log_in_by_core(trial);
	trial_reread(trial);
}

void
trial_bad_key(struct trial *trial, const struct image *key)
{
	const struct scratch *scratch = trial->host->scratch;
	struct check_report check;
	struct repair_report repair;

	memset(trial->allowed, 0, sizeof(trial->allowed));
	memset(trial->due, 0, sizeof(trial->due));
	scratch_write(scratch_key(scratch), key->bytes, key->size, 0600);
	trial_log_in_by_core(trial);
	runs_expect(list_all(trial) != ERR_OK, "nothing is listed");
	runs_step("check", TRIAL_TIMEOUT + TRIAL_SLACK);
	runs_expect(broken_check(scratch, &check) != ERR_OK, "check notices");
	check_report_free(&check);
	runs_tally(RUNS_NOTICED);
	runs_step("repair", TRIAL_TIMEOUT + TRIAL_SLACK);
	runs_expect(
	    broken_repair(scratch, &repair) != ERR_OK, "repair refuses");
	repair_report_free(&repair);
	trial_expect_file(scratch_key(scratch), key, "all of it");
	scratch_write(scratch_key(scratch), trial->past->key.bytes,
	    trial->past->key.size, 0600);
	trial_expect_unchanged(trial, "all of it");
}

/* Reads all notes, as list does. */
static void
read_usage(const struct trial *trial)
{
	const struct config *config = &trial->host->scratch->config;
	struct last_use_notes *notes = last_use_open(
	    config, deadline_in(TRIAL_TIMEOUT * 1000));

	for (size_t i = 0; i < PAST_TOKENS; i++) {
		struct last_use usage;

		last_use_get(
		    notes, trial->past->tokens[i].record[PAST_NEW].id, &usage);
		runs_expect(usage.at >= 0, "a last use is one");
	}
	last_use_close(notes);
}

/* What logins make of them, and that they are recreated. */
static void
use_usage(struct trial *trial)
{
	const struct config *config = &trial->host->scratch->config;
	enum err rc = ERR_INTERNAL;

	trial_log_in(trial);
	runs_step("a note", TRIAL_TIMEOUT + TRIAL_SLACK);
	/* At the latest when the damage was found. */
	for (int times = 0; rc != ERR_OK && times < 2; times++)
		rc = last_use_note(config, "0123456789", TODAY + times,
		    "192.0.2.1", SERVICE, &why);
	runs_expect(rc == ERR_OK, "notes are made again: %s", why.text);
	read_usage(trial);
}

static const char *
write_usage(const struct trial *trial, const struct image *usage)
{
	const char *path = scratch_path(trial->host->scratch, "lib/usage.tdb");

	scratch_write(path, usage->bytes, usage->size, 0600);
	return path;
}

void
trial_usage(struct trial *trial, const struct image *usage)
{
	const char *path = write_usage(trial, usage);

	runs_step("a list of uses", TRIAL_TIMEOUT + TRIAL_SLACK);
	read_usage(trial);
	trial_expect_file(path, usage, "a list of uses");
	use_usage(trial);
}

void
trial_huge_usage(struct trial *trial, off_t size)
{
	const char *path = write_usage(trial, &trial->past->usage);

	assert_int_equal(truncate(path, size), 0);
	runs_step("a list of uses", TRIAL_TIMEOUT + TRIAL_SLACK);
	read_usage(trial);
	use_usage(trial);
	(void)write_usage(trial, &trial->past->usage);
}
