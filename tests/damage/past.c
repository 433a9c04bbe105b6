#include "past.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/images.h"
#include "module/host.h"
#include "store/last_use.h"
#include "store/logos.h"

/*
 * All times are those of the writing of this test, so that no clock makes it
 * stale.
 */
#define ISSUED INT64_C(1700000000)
#define EARLY (ISSUED + 100)

#define LOGO_LEN 900 /* bytes, and some more */

/* A commit has written everything before this sync. */
#define LAST_SYNC 3

static unsigned syncs_left; /* until the process is killed; 0: never */

typedef int sync_function(int);
sync_function fdatasync;

/* Found by libtdb before libc's. */
__attribute__((visibility("default"))) int
fdatasync(int fd)
{
	if (syncs_left > 0 && --syncs_left == 0)
		_exit(0);
	return ((sync_function *)(uintptr_t)dlsym(RTLD_NEXT, "fdatasync"))(fd);
}

enum state {
	ACTIVE,
	APPROVED, /* after a revocation */
	REVOKED,
	DEACTIVATED,
	EXPIRED,
	DELETED, /* issued, and then deleted */
	UNKNOWN, /* not issued yet */
};

/* A token at two moments, and whether it was valid at each. */
static const struct history {
	const char *owner, *as, *service;
	enum state was, is;
	bool foreign_text; /* its digest is another token's */
} HISTORIES[PAST_TOKENS] = {
    {ALICE, ALICE, SERVICE, ACTIVE, ACTIVE, false},
    {ALICE, ALICE, SERVICE, ACTIVE, ACTIVE, false},
    {ALICE, ALICE, SERVICE, ACTIVE, APPROVED, false},
    {ALICE, ALICE, SERVICE, APPROVED, APPROVED, false},
    {ALICE, ALICE, SERVICE, UNKNOWN, ACTIVE, false},
    {ALICE, ALICE, SERVICE, REVOKED, APPROVED, false},
    {ALICE, ALICE, SERVICE, REVOKED, REVOKED, false},
    {ALICE, ALICE, SERVICE, ACTIVE, REVOKED, false},
    {ALICE, ALICE, SERVICE, APPROVED, REVOKED, false},
    {ALICE, ALICE, SERVICE, DEACTIVATED, DEACTIVATED, false},
    {ALICE, ALICE, SERVICE, ACTIVE, DEACTIVATED, false},
    {ALICE, ALICE, SERVICE, EXPIRED, EXPIRED, false},
    {ALICE, ALICE, SERVICE, ACTIVE, EXPIRED, false},
    {ALICE, ALICE, SERVICE, DELETED, DELETED, false},
    {ALICE, ALICE, SERVICE, ACTIVE, DELETED, false},
    {ALICE, ALICE, SERVICE, REVOKED, DELETED, false},
    {ALICE, ALICE, SERVICE, ACTIVE, ACTIVE, true},
    {ALICE, ALICE, "other", ACTIVE, ACTIVE, false},
    {ALICE, BOB, SERVICE, ACTIVE, ACTIVE, false},
    {BOB, ALICE, SERVICE, ACTIVE, ACTIVE, false},
    {BOB, BOB, SERVICE, ACTIVE, ACTIVE, false},
    {BOB, BOB, SERVICE, REVOKED, REVOKED, false},
    {BOB, BOB, SERVICE, ACTIVE, REVOKED, false},
    {BOB, BOB, SERVICE, UNKNOWN, UNKNOWN, false},
    /* Owned by users who cannot log in here. */
    {"carol", "carol", SERVICE, ACTIVE, ACTIVE, false},
    {"dave", "dave", SERVICE, ACTIVE, REVOKED, false},
    {"dave", "dave", SERVICE, UNKNOWN, ACTIVE, false},
    {"erin", "erin", SERVICE, ACTIVE, DELETED, false},
    {"frank", "frank", SERVICE, ACTIVE, ACTIVE, false},
    {"grace", "grace", SERVICE, APPROVED, APPROVED, false},
};

static bool
exists(enum state state)
{
	return state != DELETED && state != UNKNOWN;
}

/* Whether it is accepted while it is active. */
static bool
is_good(const struct history *history)
{
	return strcmp(history->owner, history->as) == 0 &&
	    (strcmp(history->owner, ALICE) == 0 ||
		strcmp(history->owner, BOB) == 0) &&
	    strcmp(history->service, SERVICE) == 0 && !history->foreign_text;
}

/* Runs a transaction in which change changes the store. */
static void
write_store(const struct scratch *scratch, const struct record *record,
    enum err (*change)(
	struct store *store, const struct record *record, struct error *why))
{
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(change(store, record, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
}

/* That of a token; none else has it. */
static void
make_logo(struct logo *logo, const struct record *record)
{
	images_logo(logo, LOGO_LEN + (size_t)record->id[0], record->id[1]);
}

/* Adds a token, with its logo if it has one. */
static enum err
add(struct store *store, const struct record *record, struct error *because)
{
	static struct logo logo;
	enum err rc = ERR_OK;

	if (record->logo != PICTURE_NONE) {
		make_logo(&logo, record);
		rc = logos_put(store, record, &logo, because);
	}
	return rc == ERR_OK ? store_add(store, record, because) : rc;
}

static void
issue(struct past *past, size_t i, struct record *record)
{
	static struct logo logo;
	const struct history *history = &HISTORIES[i];
	struct past_token *token = &past->tokens[i];
	struct store *store;
	char name[16];

	(void)snprintf(name, sizeof(name), "name%zu", i);
	sample_record(record, history->owner, name);
	record->uid = strcmp(history->owner, BOB) == 0 ? UID_BOB : UID_ALICE;
	record->created.at = ISSUED;
	record->expires = TIME_NEVER;
	strcpy(record->services, history->service);
	strcpy(record->scopes, "read,write");
	record->is_short = i % 3 == 1;
	token->as = history->as;
	assert_ok(scratch_open(past->scratch, &store, STORE_READ));
	assert_ok(store_draw_token(store, record, token->text, &why));
	if (history->foreign_text)
		record->digest[0] ^= 1;
	store_close(store);
	if (i % 4 != 0)
		return;
	make_logo(&logo, record);
	logo_note(record, &logo);
}

/* Reasons of different lengths: some records stay in place, some move. */
static void
end(struct record *record, enum record_state state, size_t i, int64_t at)
{
	record->state = state;
	record->ended.at = at;
	strcpy(record->ended.by, "root");
	memset(record->ended.reason, 'x', i % 3 * 80);
	record->ended.reason[i % 3 * 80] = '\0';
}

/* Brings an issued token into a state. */
static void
bring(struct past *past, size_t i, struct record *record, enum state state,
    int64_t at)
{
	switch (state) {
	case UNKNOWN:
	case ACTIVE:
		return;
	case DELETED:
		write_store(past->scratch, record, store_remove);
		return;
	case EXPIRED:
		record->expires = EARLY;
		record->changed.at = at;
		break;
	case APPROVED:
		end(record, RECORD_REVOKED, i, at);
		write_store(past->scratch, record, store_put);
		record->state = RECORD_ACTIVE;
		record->approved.at = at + 1;
		break;
	case REVOKED:
	case DEACTIVATED:
		end(record,
		    state == REVOKED ? RECORD_REVOKED : RECORD_DEACTIVATED, i,
		    at);
		break;
	}
	write_store(past->scratch, record, store_put);
}

static void
keep_image(struct past *past, enum past_moment moment)
{
	struct image *image = &past->image[moment];

	image->bytes = scratch_read(
	    scratch_database(past->scratch), &image->size);
}

/* The store at a moment; records are those from before it. */
static void
keep_moment(
    struct past *past, const struct record *records, enum past_moment moment)
{
	keep_image(past, moment);
	assert_true(layout_read(&past->layout[moment], &past->image[moment]));
	for (size_t i = 0; i < PAST_TOKENS; i++) {
		struct past_token *token = &past->tokens[i];
		enum state state = moment == PAST_OLD ? HISTORIES[i].was
						      : HISTORIES[i].is;

		token->record[moment] = records[i];
		token->exists[moment] = exists(state);
		token->accepted[moment] = (state == ACTIVE ||
					      state == APPROVED) &&
		    is_good(&HISTORIES[i]);
		assert_int_equal(token->exists[moment],
		    layout_find(&past->layout[moment], 't', records[i].id) !=
			NULL);
	}
}

/* Revives revoked tokens, revokes the others, and is killed. */
static int
write_half(void *arg)
{
	struct past *past = arg;
	struct store *store = NULL;

	CHILD_REQUIRE(
	    scratch_open(past->scratch, &store, STORE_WRITE) == ERR_OK);
	for (size_t i = 0; i < PAST_TOKENS; i++) {
		struct record record = past->tokens[i].record[PAST_NEW];

		if (!past->tokens[i].exists[PAST_NEW])
			continue;
		record.state = record.state == RECORD_ACTIVE ? RECORD_REVOKED
							     : RECORD_ACTIVE;
		memset(record.description, 'd', 100);
		CHILD_REQUIRE(store_put(store, &record, &why) == ERR_OK);
	}
	syncs_left = LAST_SYNC;
	(void)store_commit(store, &why);
	return 1; /* it should have been killed */
}

static void
keep_half(struct past *past)
{
	const struct image *whole = &past->image[PAST_NEW];

	child_expect_success(child_start(write_half, past));
	keep_image(past, PAST_HALF);
	past->layout[PAST_HALF] = past->layout[PAST_NEW];
	for (size_t i = 0; i < PAST_TOKENS; i++) {
		struct past_token *token = &past->tokens[i];

		token->record[PAST_HALF] = token->record[PAST_NEW];
		token->exists[PAST_HALF] = token->exists[PAST_NEW];
		token->accepted[PAST_HALF] = token->accepted[PAST_NEW];
		token->accepted[PAST_NEXT] = is_good(&HISTORIES[i]) &&
		    token->exists[PAST_NEW] &&
		    token->record[PAST_NEW].state != RECORD_ACTIVE;
	}
	scratch_write(
	    scratch_database(past->scratch), whole->bytes, whole->size, 0600);
}

void
past_make(struct past *past, const struct scratch *scratch)
{
	struct record records[PAST_TOKENS];

	*past = (struct past){.scratch = scratch};
	for (size_t i = 0; i < PAST_TOKENS; i++) {
		issue(past, i, &records[i]);
		if (HISTORIES[i].was != UNKNOWN)
			write_store(scratch, &records[i], add);
	}
	for (size_t i = 0; i < PAST_TOKENS; i++)
		bring(past, i, &records[i], HISTORIES[i].was, ISSUED + 10);
	keep_moment(past, records, PAST_OLD);
	for (size_t i = 0; i < PAST_TOKENS; i++) {
		const struct history *history = &HISTORIES[i];

		if (history->is == history->was)
			continue;
		if (history->was == UNKNOWN)
			write_store(scratch, &records[i], add);
		bring(past, i, &records[i], history->is, ISSUED + 20);
		assert_ok(last_use_note(&scratch->config, records[i].id,
		    ISSUED + 30, "192.0.2.7", SERVICE, &why));
	}
	keep_moment(past, records, PAST_NEW);
	keep_half(past);
	past->key.bytes = scratch_read(scratch_key(scratch), &past->key.size);
	past->usage.bytes = scratch_read(
	    scratch_path(scratch, "lib/usage.tdb"), &past->usage.size);
}

void
past_free(struct past *past)
{
	for (int i = 0; i < PAST_MOMENTS; i++)
		free(past->image[i].bytes);
	free(past->key.bytes);
	free(past->usage.bytes);
}
