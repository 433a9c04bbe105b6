/*
 * The tokens of the good store, and access to them from outside of the module.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "fuzz.h"
#include "machine.h"
#include "machine_store.h"
#include "store/store.h"
#include "tdb/db.h"

#define DAY INT64_C(86400)

struct machine_token machine_tokens[MACHINE_TOKENS];

/* Read once and kept until something is written. */
static struct {
	bool is_read, exists;
	struct record record;
} cache[MACHINE_TOKENS];

struct kind {
	const char *user;
	uid_t uid;
	const char *services, *scopes, *from;
	int64_t created, expires; /* seconds from now */
	enum record_state state;
	enum record_lifetime lifetime;
	int64_t starts; /* seconds from now; 0: at once */
	uint32_t max_sessions;
};

static const struct kind KINDS[] = {
    {"alice", 2001, "probe,@mail", "read,write", "", -DAY, DAY, 1, 0},
    {"alice", 2001, "any", "read", "", -DAY, DAY, 1, 0},
    {"alice", 2001, "any", "admin,read,write", "", -DAY, 9 * DAY, 1, 0},
    {"alice", 2001, "probe", "read,write", "", -DAY, DAY, 2, 0},
    {"alice", 2001, "probe", "read,write", "", -DAY, DAY, 3, 0},
    {"alice", 2001, "probe", "read,write", "", -DAY, 0, 1, 0},
    {"alice", 2001, "probe", "read,write", "", -DAY, 60, 1, 0},
    {"bob", 2002, "probe", "read,write", "", -DAY, DAY, 1, 0},
    {"alice", 2001, "probe", "read,write", "", -DAY, DAY, 1, RECORD_ONCE},
    {"alice", 2001, "any", "read,write", "", -DAY, DAY, 1, RECORD_UNTIL_LOGOUT},
    {"alice", 2001, "probe", "read,write", "10.0.0.0/8", -DAY, DAY, 1, 0},
    {"alice", 2001, "probe", "read,write", "", 2 * DAY, 9 * DAY, 1, 0},
    {"alice", 2000, "probe", "read,write", "", -DAY, DAY, 1, 0},
    {"root", 0, "any", "read,write", "", -DAY, DAY, 1, 0},
    {"alice", 2001, "probe", "read,write", "", -DAY, DAY, 1, 0, 60},
    {"alice", 2001, "any", "read", "", -DAY, DAY, 1, RECORD_ONCE, -60},
    {"alice", 2001, "any", "read,write", "", -DAY, DAY, 1, 0, 0, 1},
    /* A predecessor and its successor; see link_rotation. */
    {"alice", 2001, "probe", "read,write", "", -DAY, DAY, 1, 0},
    {"alice", 2001, "probe", "read,write", "", -DAY, DAY, 1, 0},
    /* This one is damaged, and the last one is not stored. */
    {"alice", 2001, "any", "read,write", "", -DAY, DAY, 1, 0},
};
#define PREDECESSOR 17
#define SUCCESSOR 18
#define DAMAGED 19

static void
link_rotation(struct record *record, unsigned number)
{
	if (number == PREDECESSOR)
		strcpy(record->successor, machine_tokens[SUCCESSOR].id);
	if (number == SUCCESSOR)
		strcpy(record->predecessor, machine_tokens[PREDECESSOR].id);
}

static void
add_token(struct store *store, unsigned number)
{
	const struct kind *kind = &KINDS[number];
	struct record record = {
	    .state = kind->state,
	    .uid = kind->uid,
	    .local = true,
	    .expires = MACHINE_NOW + kind->expires,
	    .created = {.at = MACHINE_NOW + kind->created, .by = "root"},
	    .lifetime = kind->lifetime,
	    .starts = kind->starts != 0 ? MACHINE_NOW + kind->starts : 0,
	    .max_sessions = kind->max_sessions,
	};

	strcpy(record.id, machine_tokens[number].id);
	strcpy(record.user, kind->user);
	(void)snprintf(record.name, sizeof(record.name), "n%u", number);
	strcpy(record.services, kind->services);
	strcpy(record.scopes, kind->scopes);
	record.from_count = kind->from[0] != '\0';
	FUZZ_REQUIRE(record.from_count == 0 ||
	    network_parse(kind->from, &record.from[0]));
	store_digest(store, machine_tokens[number].text, record.digest);
	link_rotation(&record, number);
	FUZZ_REQUIRE(store_add(store, &record, NULL) == ERR_OK);
}

/* Stores other bytes in place of the record. */
static void
damage_token(void)
{
	char path[STORE_PATH_SIZE], key[TOKEN_ID_LEN + 2];
	struct db *db;

	store_path(&machine_store_config, STORE_DATABASE, path);
	(void)snprintf(key, sizeof(key), "t%s", machine_tokens[DAMAGED].id);
	FUZZ_REQUIRE(db_open(&db, path, DB_WRITE, NULL) == ERR_OK);
	FUZZ_REQUIRE(db_put(db, key, strlen(key), (const uint8_t *)key,
			 sizeof(key), NULL) == ERR_OK);
	db_close(db);
}

static bool
is_short(unsigned number)
{
	return number % 3 == 0;
}

static void
make_text(unsigned number)
{
	struct machine_token *token = &machine_tokens[number];
	enum err rc = is_short(number)
	    ? token_make_short(token->text, token->id)
	    : token_make(token->text, token->id);

	FUZZ_REQUIRE(rc == ERR_OK);
}

void
machine_store_fill(void)
{
	struct store *store;

	for (unsigned i = 0; i < MACHINE_TOKENS; i++)
		make_text(i);
	store = machine_store_open(STORE_WRITE);
	for (unsigned i = 0; i < COUNT_OF(KINDS); i++)
		add_token(store, i);
	FUZZ_REQUIRE(store_commit(store, NULL) == ERR_OK);
	store_close(store);
	damage_token();
}

void
machine_store_forget(void)
{
	memset(cache, 0, sizeof(cache));
}

bool
machine_record(unsigned token, struct record *record)
{
	struct store *store;

	if (!cache[token].is_read) {
		store = machine_store_open(STORE_READ);
		cache[token].exists = store_get(store, machine_tokens[token].id,
					  &cache[token].record, NULL) == ERR_OK;
		store_close(store);
		cache[token].is_read = true;
	}
	*record = cache[token].record;
	return cache[token].exists;
}

void
machine_change(unsigned token, void (*change)(struct record *record))
{
	struct record record;
	struct store *store;

	if (!machine_record(token, &record))
		return;
	change(&record);
	store = machine_store_open(STORE_WRITE);
	FUZZ_REQUIRE(store_put(store, &record, NULL) == ERR_OK);
	FUZZ_REQUIRE(store_commit(store, NULL) == ERR_OK);
	store_close(store);
}
