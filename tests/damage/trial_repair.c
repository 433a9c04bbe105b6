#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/broken.h"
#include "runs.h"
#include "store/logos.h"
#include "trial_impl.h"

static const struct layout *
layout_of(const struct trial *trial)
{
	return &trial->past->layout[trial->moment];
}

/*
 * Whether check must complain: a record or an index has changed. A mixture may
 * equal an earlier state of the store, so only what readers reported counts.
 */
static bool
has_to_be_noticed(const struct trial *trial)
{
	return trial->troubled ||
	    (!trial->mixed && layout_is_touched(layout_of(trial), &trial->bad));
}

void
trial_check(struct trial *trial)
{
	struct check_report report;
	bool noticed;
	enum err rc;

	runs_step("check", TRIAL_TIMEOUT + TRIAL_SLACK);
	rc = broken_check(trial->host->scratch, &report);
	noticed = rc != ERR_OK || report.findings.count > 0;
	check_report_free(&report);
	runs_expect(rc == ERR_OK || rc == ERR_KEY || rc == ERR_DAMAGED,
	    "check can tell: %s", why.text);
	runs_expect(noticed || !has_to_be_noticed(trial), "check notices");
	if (noticed)
		runs_tally(RUNS_NOTICED);
	if (!trial->grown)
		trial_expect_unchanged(trial, "check");
}

/* Whether a token is there that repair must recover. */
static bool
is_whole(const struct trial *trial, size_t i, bool *led_to)
{
	const struct past_token *token = &trial->past->tokens[i];
	const struct layout *layout = layout_of(trial);
	const struct layout_entry *entry;

	*led_to = false;
	if (!token->exists[trial->moment])
		return false;
	entry = layout_find(layout, 't', token->record[trial->moment].id);
	*led_to = layout_is_led_to(layout, entry, &trial->bad);
	/* If no index of the mixture names it, it may have been deleted. */
	if (trial->mixed)
		return *led_to;
	return layout_is_whole(layout, entry, &trial->bad);
}

static bool
any_whole(const struct trial *trial)
{
	bool led_to;

	for (size_t i = 0; i < PAST_TOKENS; i++) {
		if (is_whole(trial, i, &led_to))
			return true;
	}
	return false;
}

/* As it was; or without its logo, which may be lost by itself. */
static bool
is_as_it_was(const struct record *record, const struct record *found)
{
	struct record expected = *record;

	if (found->logo == PICTURE_NONE)
		logo_note(&expected, NULL);
	return sample_equal(found, &expected);
}

/* The same, or deactivated until somebody has looked at it. */
static bool
is_brought_back(const struct record *record, const struct record *found)
{
	struct record expected = *record;

	if (is_as_it_was(record, found))
		return true;
	if (found->logo == PICTURE_NONE)
		logo_note(&expected, NULL);
	expected.state = RECORD_DEACTIVATED;
	expected.ended = found->ended;
	return record->state == RECORD_ACTIVE &&
	    strcmp(found->ended.reason, REPAIR_REASON) == 0 &&
	    sample_equal(found, &expected);
}

/* Of the image before repair: which tokens were intact. */
struct whole {
	bool whole[PAST_TOKENS], led_to[PAST_TOKENS];
	bool logo[PAST_TOKENS];  /* it has one, which is intact */
	bool twice[PAST_TOKENS]; /* an entry was replaced by one of its */
	/* It looks like an interrupted transaction, or one more entry. */
	bool doubtful;
};

/* Whether the damage has brought such a number into the file. */
static bool
has_more(const struct trial *trial, uint32_t number)
{
	return layout_count_number(&trial->bad, number) >
	    layout_count_number(&trial->past->image[trial->moment], number);
}

/* Whether the damage has copied the token's record over another entry. */
static bool
is_twice(const struct trial *trial, size_t i)
{
	const char *id = trial->past->tokens[i].record[trial->moment].id;

	return layout_count_key(&trial->bad, 't', id) >
	    layout_count_key(&trial->past->image[trial->moment], 't', id);
}

static bool
has_whole_logo(const struct trial *trial, size_t i)
{
	const struct record *record =
	    &trial->past->tokens[i].record[trial->moment];
	const struct layout *layout = layout_of(trial);
	const struct layout_entry *entry = layout_find(layout, 'l', record->id);

	return record->logo != PICTURE_NONE && entry != NULL &&
	    layout_is_whole(layout, entry, &trial->bad);
}

static void
find_whole(const struct trial *trial, struct whole *whole)
{
	for (size_t i = 0; i < PAST_TOKENS; i++) {
		whole->whole[i] = is_whole(trial, i, &whole->led_to[i]);
		whole->twice[i] = is_twice(trial, i);
		whole->logo[i] = has_whole_logo(trial, i);
	}
	whole->doubtful = has_more(trial, LAYOUT_RECOVERY_MAGIC) ||
	    has_more(trial, LAYOUT_ENTRY_MAGIC);
}

/* A logo is there if the record names one, and if it was whole. */
static void
expect_logo(const struct trial *trial, struct store *store, size_t i,
    const struct record *found, const struct whole *whole)
{
	static struct logo logo;

	runs_expect(found->logo == PICTURE_NONE ||
		logos_get(store, found, &logo, &why) == ERR_OK,
	    "the logo that token %zu names is there", i);
	runs_expect(!whole->logo[i] || !whole->whole[i] || trial->mixed ||
		found->logo != PICTURE_NONE,
	    "the logo of token %zu is brought back", i);
}

static void
expect_brought_back(const struct trial *trial, const struct whole *whole)
{
	struct store *store = NULL;

	runs_expect(
	    scratch_open(trial->host->scratch, &store, STORE_READ) == ERR_OK,
	    "what was repaired opens");
	for (size_t i = 0; i < PAST_TOKENS; i++) {
		const struct record *record =
		    &trial->past->tokens[i].record[trial->moment];
		struct record found;
		enum err rc = store_get(store, record->id, &found, &why);

		runs_expect(rc == ERR_OK || rc == ERR_NOT_FOUND,
		    "token %zu is whole, or not there", i);
		runs_expect(!whole->whole[i] ||
			(rc == ERR_OK &&
			    (trial->mixed || is_brought_back(record, &found))),
		    "token %zu is brought back", i);
		runs_expect(!whole->led_to[i] || whole->doubtful ||
			whole->twice[i] || trial->mixed ||
			is_as_it_was(record, &found),
		    "token %zu is brought back as it was", i);
		if (rc == ERR_OK)
			expect_logo(trial, store, i, &found, whole);
	}
	store_close(store);
}

/* An undamaged store that accepts nobody who must stay out. */
static void
expect_repaired(struct trial *trial, const struct whole *whole)
{
	struct check_report report;
	enum err rc;

	runs_step("check after repair", TRIAL_TIMEOUT + TRIAL_SLACK);
	rc = broken_check(trial->host->scratch, &report);
	runs_expect(rc == ERR_OK, "check after repair: %s", why.text);
	runs_expect(report.findings.count == 0,
	    "nothing is wrong after repair: %s",
	    report.findings.kept > 0 ? report.findings.lines[0] : "");
	check_report_free(&report);
	trial_log_in_by_core(trial);
	expect_brought_back(trial, whole);
	runs_tally(RUNS_REPAIRED);
}

/* The damaged file is kept; we remove it. */
static void
expect_kept(const struct trial *trial, const struct repair_report *report)
{
	if (report->outcome != REPAIR_REBUILT)
		return;
	if (!trial->grown)
		trial_expect_file(report->kept, &trial->bad, "repair");
	assert_int_equal(unlink(report->kept), 0);
}

void
trial_repair(struct trial *trial)
{
	struct repair_report report;
	struct whole whole;
	enum err rc;

	find_whole(trial, &whole);
	runs_step("repair", TRIAL_TIMEOUT + TRIAL_SLACK);
	rc = broken_repair(trial->host->scratch, &report);
	if (rc == ERR_OK)
		expect_kept(trial, &report);
	repair_report_free(&report);
	if (rc == ERR_OK) {
		expect_repaired(trial, &whole);
		return;
	}
	runs_expect((rc == ERR_DAMAGED || rc == ERR_KEY) && !any_whole(trial),
	    "repair is possible: %s", why.text);
	trial_expect_unchanged(trial, "repair");
}

/* Runs tokenadm and returns its exit status. */
static int
run_command(const struct trial *trial, const char *option)
{
	const char *config = scratch_path(
	    trial->host->scratch, "apitoken.conf");
	const char *top = getenv("abs_top_builddir");
	char path[PATH_MAX];
	pid_t pid;
	int status, nowhere;

	assert_non_null(top);
	(void)snprintf(path, sizeof(path), "%s/tokenadm/tokenadm", top);
	(void)fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)alarm(TRIAL_TIMEOUT + TRIAL_SLACK);
		nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
		(void)dup2(nowhere, STDIN_FILENO);
		(void)dup2(nowhere, STDOUT_FILENO);
		(void)dup2(nowhere, STDERR_FILENO);
		(void)execl(path, path, "--config", config, "check", option,
		    (char *)NULL);
		_exit(127);
	}
	status = child_wait(pid);
	runs_tally(RUNS_COMMANDS);
	runs_expect(WIFEXITED(status) && WEXITSTATUS(status) <= 1,
	    "tokenadm check ends by itself (%d)", status);
	return WEXITSTATUS(status);
}

void
trial_check_by_command(struct trial *trial)
{
	runs_step("tokenadm check", 2 * (TRIAL_TIMEOUT + TRIAL_SLACK));
	runs_expect(run_command(trial, NULL) == 1 || !has_to_be_noticed(trial),
	    "tokenadm check notices");
	trial_expect_unchanged(trial, "tokenadm check");
}

/* Removes the file that it kept, whose name only repair knows. */
static void
remove_kept(const struct trial *trial)
{
	const struct scratch *scratch = trial->host->scratch;
	char pattern[SCRATCH_PATH];
	glob_t found;

	(void)snprintf(pattern, sizeof(pattern), "%s.damaged-*",
	    scratch_database(scratch));
	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		trial_expect_file(found.gl_pathv[i], &trial->bad, "repair");
		assert_int_equal(unlink(found.gl_pathv[i]), 0);
	}
	globfree(&found);
}

void
trial_repair_by_command(struct trial *trial)
{
	struct whole whole;
	int status;

	find_whole(trial, &whole);
	runs_step("tokenadm check --repair", 2 * (TRIAL_TIMEOUT + TRIAL_SLACK));
	status = run_command(trial, "--repair");
	remove_kept(trial);
	runs_expect(status == 0 || !any_whole(trial),
	    "tokenadm check --repair is possible");
	if (status == 0) {
		expect_repaired(trial, &whole);
		runs_step("tokenadm check", 2 * (TRIAL_TIMEOUT + TRIAL_SLACK));
		runs_expect(
		    run_command(trial, NULL) == 0, "tokenadm check is content");
	} else {
		trial_expect_unchanged(trial, "tokenadm check --repair");
	}
}
