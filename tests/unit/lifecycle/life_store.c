#include "life_store.h"

#include <string.h>
#include <tdb.h>

#include "account/account.h"
#include "base/deadline.h"
#include "lib/unit.h"
#include "life_impl.h"
#include "lifecycle/until_logout.h"

struct life_fixed life_fixed;
struct life life;

#define UID 1000

enum err __real_token_make(char text[TOKEN_LEN + 1], char id[TOKEN_ID_LEN + 1]);
enum err __wrap_token_make(char text[TOKEN_LEN + 1], char id[TOKEN_ID_LEN + 1]);
void __wrap_account_lookup(struct account *account, const char *user,
    const struct account_policy *policy, int64_t now);
enum err __wrap_process_self(struct process *self, struct error *error);
bool __wrap_process_is_gone(const struct process *process);
enum err __wrap_boot_read(char boot[BOOT_LEN + 1], struct error *error);
TDB_CONTEXT *__real_tdb_open_ex(const char *name, int buckets, int flags,
    int how, mode_t mode, const struct tdb_logging_context *log,
    tdb_hash_func hash);
TDB_CONTEXT *__wrap_tdb_open_ex(const char *name, int buckets, int flags,
    int how, mode_t mode, const struct tdb_logging_context *log,
    tdb_hash_func hash);

/* Three tokens need less room; and what is often read is mapped. */
TDB_CONTEXT *
__wrap_tdb_open_ex(const char *name, int buckets, int flags, int how,
    mode_t mode, const struct tdb_logging_context *log, tdb_hash_func hash)
{
	(void)buckets;
	return __real_tdb_open_ex(
	    name, 7, flags & ~TDB_NOMMAP, how, mode, log, hash);
}

/* The one of the two successors that does not exist. */
enum err
__wrap_token_make(char text[TOKEN_LEN + 1], char id[TOKEN_ID_LEN + 1])
{
	const struct life_text *fresh =
	    &life_fixed.pool[life.successor == 1 ? 2 : 1];

	strcpy(text, fresh->text);
	strcpy(id, fresh->id);
	return ERR_OK;
}

void
__wrap_account_lookup(struct account *account, const char *user,
    const struct account_policy *policy, int64_t now)
{
	(void)policy;
	(void)now;
	*account = (struct account){
	    .found = true,
	    .uid = UID,
	    .state = life.account ? ACCOUNT_ENABLED : ACCOUNT_DISABLED,
	    .reason = life.account ? ACCOUNT_OK : ACCOUNT_EXPIRED,
	};
	strcpy(account->name, user);
}

/* The session of a token has the token's number in the pool for a pid. */
static uint64_t opener = 1;

enum err
__wrap_process_self(struct process *self, struct error *error)
{
	(void)error;
	*self = (struct process){.pid = opener, .start = 1};
	return ERR_OK;
}

bool
__wrap_process_is_gone(const struct process *process)
{
	return life.entries[process->pid - 1] != LIVE;
}

enum err
__wrap_boot_read(char boot[BOOT_LEN + 1], struct error *error)
{
	(void)error;
	memset(boot, 'a' + (char)life.boot, BOOT_LEN);
	boot[BOOT_LEN] = '\0';
	return ERR_OK;
}

unsigned
life_number(enum which which)
{
	return which == OLD ? 0 : life.successor;
}

struct store *
life_open(enum store_mode mode)
{
	struct store *store;

	assert_ok(scratch_open(life_fixed.scratch, &store, mode));
	return store;
}

bool
life_close(struct store *store, enum err rc)
{
	if (rc == ERR_OK)
		assert_ok(store_commit(store, &why));
	store_close(store);
	assert_true(rc == ERR_OK || rc == ERR_POLICY || rc == ERR_EXISTS);
	return rc == ERR_OK;
}

bool
life_read(unsigned number, struct record *record)
{
	struct store *store = life_open(STORE_READ);
	enum err rc = store_get(
	    store, life_fixed.pool[number].id, record, &why);

	store_close(store);
	assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
	return rc == ERR_OK;
}

static void
add_first(enum kind kind)
{
	static const enum record_lifetime LIFETIMES[KINDS] = {
	    RECORD_LASTING, RECORD_ONCE, RECORD_UNTIL_LOGOUT};
	struct store *store = life_open(STORE_WRITE);
	struct record record;

	sample_record(&record, LIFE_USER, "laptop");
	strcpy(record.id, life_fixed.pool[0].id);
	store_digest(store, life_fixed.pool[0].text, record.digest);
	record.lifetime = LIFETIMES[kind];
	record.created.at = life.now;
	record.expires = life.now + LIFE_SPAN;
	assert_ok(store_add(store, &record, &why));
	assert_true(life_close(store, ERR_OK));
}

void
life_store_start(const struct scratch *scratch, enum kind kind, int64_t now)
{
	static char run[SCRATCH_PATH];

	strcpy(run, scratch_path(scratch, "run"));
	life_fixed.scratch = scratch;
	life_fixed.run = run;
	for (unsigned i = 0; i < LIFE_POOL; i++)
		assert_ok(__real_token_make(
		    life_fixed.pool[i].text, life_fixed.pool[i].id));
	memset(&life, 0, sizeof(life));
	life.kind = kind;
	life.now = now;
	life.account = true;
	add_first(kind);
}

bool
life_try(enum which which, struct attempt_outcome *outcome)
{
	const struct life_text *token = &life_fixed.pool[life_number(which)];
	const struct attempt attempt = {
	    .id = token->id,
	    .text = token->text,
	    .user = LIFE_USER,
	    .service = "sshd",
	    .need = "read",
	    .now = life.now,
	    .deadline = deadline_in(LIFE_PATIENCE),
	};
	const struct attempt_host host = {.run = life_fixed.run};

	assert_ok(attempt_run(
	    outcome, &attempt, &life_fixed.scratch->config, &host, &why));
	return outcome->verdict.accepted;
}

/* Both at once, since opening a store takes time. */
static void
see_records(struct life_seen seen[BOTH])
{
	struct store *store = life_open(STORE_READ);

	for (int i = OLD; i < BOTH; i++) {
		unsigned number = life_number((enum which)i);
		enum err rc = ERR_NOT_FOUND;

		seen[i] = (struct life_seen){.is_there = false};
		if (i == OLD || number != 0)
			rc = store_get(store, life_fixed.pool[number].id,
			    &seen[i].record, &why);
		assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
		seen[i].is_there = rc == ERR_OK;
	}
	store_close(store);
}

void
life_store_see(struct life_seen seen[BOTH])
{
	const struct attempt attempt = {
	    .service = "sshd", .need = "read", .now = life.now};
	const struct group_rule rule = {.membership = MEMBERSHIP_NOT_REQUIRED};
	struct account account;
	struct verdict verdict;
	bool over = false;

	see_records(seen);
	account_lookup(&account, LIFE_USER, NULL, life.now);
	for (int i = OLD; i < BOTH; i++) {
		if (!seen[i].is_there)
			continue;
		verdict_make(
		    &verdict, &seen[i].record, &attempt, NULL, &account, &rule);
		if (verdict.accepted)
			assert_ok(until_logout_is_over(
			    life_fixed.run, &seen[i].record, &over, &why));
		seen[i].accepted = verdict.accepted && !over;
	}
}

void
life_enter(unsigned number, int64_t since, struct session *session)
{
	*session = (struct session){
	    .user = LIFE_USER, .since = since, .lifetime = RECORD_UNTIL_LOGOUT};
	strcpy(session->id, life_fixed.pool[number].id);
	opener = number + 1;
	assert_ok(session_enter(life_fixed.run, session, &why));
	life.entries[number] = LIVE;
	life.since[number] = since;
}

void
life_leave(unsigned number)
{
	struct session session = {.process = {number + 1, 1}};

	strcpy(session.id, life_fixed.pool[number].id);
	if (life.entries[number] != NO_ENTRY)
		assert_ok(session_leave(life_fixed.run, &session, &why));
	life.entries[number] = NO_ENTRY;
	life.since[number] = 0;
}
