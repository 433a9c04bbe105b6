/* The whole state of life_store.h as bytes, and back. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/unit.h"
#include "life_impl.h"

/* Numbers and records, one after the other. */
struct packing {
	uint8_t *at;
	const uint8_t *from;
	bool is_sketch;
};

static void
put_bytes(struct packing *packing, const void *bytes, size_t len)
{
	memcpy(packing->at, bytes, len);
	packing->at += len;
}

static void
take_bytes(struct packing *packing, void *bytes, size_t len)
{
	memcpy(bytes, packing->from, len);
	packing->from += len;
}

static const uint8_t KEY[CRYPTO_KEY_LEN];

/* The successor's id, whichever token it is. */
static void
rename_id(char id[TOKEN_ID_LEN + 1])
{
	static const char *const NAMES[] = {"first", "successor", "another"};

	for (unsigned i = 0; i < LIFE_POOL; i++) {
		if (strcmp(id, life_fixed.pool[i].id) != 0)
			continue;
		strcpy(id, NAMES[i == 0 ? 0 : i == life.successor ? 1 : 2]);
		return;
	}
}

static struct record
sketch(const struct record *record)
{
	struct record drawn = *record;

	rename_id(drawn.id);
	rename_id(drawn.predecessor);
	rename_id(drawn.successor);
	memset(drawn.digest, 0, sizeof(drawn.digest));
	drawn.ended = drawn.approved = (struct record_event){0};
	strcpy(drawn.ticket, record->ticket[0] != '\0' ? "ticket" : "");
	return drawn;
}

static void
put_record(struct packing *packing, const struct record *given)
{
	struct record record = packing->is_sketch ? sketch(given) : *given;
	uint8_t bytes[RECORD_BYTES_MAX] = {0};
	size_t len = 0;

	if (record.id[0] != '\0')
		assert_ok(record_encode(&record, KEY, bytes, &len));
	put_bytes(packing, record.id, sizeof(record.id));
	put_bytes(packing, &len, sizeof(len));
	put_bytes(packing, bytes, len);
}

static void
take_record(struct packing *packing, struct record *record)
{
	char id[TOKEN_ID_LEN + 1];
	size_t len;

	*record = (struct record){.id = ""};
	take_bytes(packing, id, sizeof(id));
	take_bytes(packing, &len, sizeof(len));
	if (len > 0)
		assert_ok(record_decode(record, id, KEY, packing->from, len));
	packing->from += len;
}

/* Each member, without the padding between them. */
#define FOR_EACH_MEMBER(do, of)                                                \
	do                                                                     \
		(&packing, &(of)->now, sizeof((of)->now));                     \
	do                                                                     \
		(&packing, &(of)->account, sizeof((of)->account));             \
	do                                                                     \
		(&packing, &(of)->successor, sizeof((of)->successor));         \
	do                                                                     \
		(&packing, &(of)->can_undo, sizeof((of)->can_undo));           \
	do                                                                     \
		(&packing, (of)->entries, sizeof((of)->entries));              \
	do                                                                     \
		(&packing, (of)->since, sizeof((of)->since));                  \
	do                                                                     \
	(&packing, &(of)->boot, sizeof((of)->boot))

/* With the successor as the second of the three. */
static void
sketch_life(struct life *drawn)
{
	if (drawn->successor != 2)
		return;
	drawn->successor = 1;
	drawn->entries[1] = life.entries[2];
	drawn->entries[2] = life.entries[1];
	drawn->since[1] = life.since[2];
	drawn->since[2] = life.since[1];
}

static size_t
pack(uint8_t bytes[LIFE_PACKED_MAX], bool is_sketch)
{
	struct packing packing = {.at = bytes, .is_sketch = is_sketch};
	struct rotation *rotation = &life.rotation;
	struct store *store = life_open(STORE_READ);
	struct life drawn = life;
	struct index index;
	struct record record;

	assert_ok(store_get_index(store, LIFE_USER, &index, &why));
	if (is_sketch)
		sketch_life(&drawn);
	FOR_EACH_MEMBER(put_bytes, &drawn);
	put_bytes(&packing, &index.count, sizeof(index.count));
	for (size_t i = 0; i < index.count; i++) {
		assert_ok(store_get(store, index.ids[i], &record, &why));
		put_record(&packing, &record);
	}
	index_free(&index);
	store_close(store);
	if (!life.can_undo)
		memset(rotation, 0, sizeof(*rotation));
	put_bytes(&packing, &rotation->has_replaced, sizeof(bool));
	put_record(&packing, &rotation->predecessor);
	put_record(&packing, &rotation->replaced);
	put_record(&packing, &rotation->successor);
	put_record(&packing, &rotation->cut);
	return (size_t)(packing.at - bytes);
}

size_t
life_store_pack(uint8_t bytes[LIFE_PACKED_MAX])
{
	return pack(bytes, false);
}

size_t
life_store_sketch(uint8_t bytes[LIFE_PACKED_MAX])
{
	return pack(bytes, true);
}

static void
remove_all(struct store *store)
{
	struct record record;

	for (unsigned i = 0; i < LIFE_POOL; i++)
		if (store_get(store, life_fixed.pool[i].id, &record, &why) ==
		    ERR_OK)
			assert_ok(store_remove(store, &record, &why));
}

/* Lists exactly these sessions. */
static void
list_again(const struct life *wanted)
{
	struct session session;

	for (unsigned i = 0; i < LIFE_POOL; i++) {
		bool is_wanted = wanted->entries[i] != NO_ENTRY;

		if (!is_wanted || wanted->since[i] != life.since[i])
			life_leave(i);
		if (is_wanted && life.entries[i] == NO_ENTRY)
			life_enter(i, wanted->since[i], &session);
		life.entries[i] = wanted->entries[i];
	}
}

void
life_store_unpack(const uint8_t *bytes)
{
	struct packing packing = {.from = bytes};
	struct rotation *rotation = &life.rotation;
	struct store *store = life_open(STORE_WRITE);
	struct record record;
	struct life wanted = life;
	size_t count;

	FOR_EACH_MEMBER(take_bytes, &wanted);
	list_again(&wanted);
	life = wanted;
	remove_all(store);
	take_bytes(&packing, &count, sizeof(count));
	for (size_t i = 0; i < count; i++) {
		take_record(&packing, &record);
		assert_ok(store_add(store, &record, &why));
	}
	assert_true(life_close(store, ERR_OK));
	take_bytes(&packing, &rotation->has_replaced, sizeof(bool));
	take_record(&packing, &rotation->predecessor);
	take_record(&packing, &rotation->replaced);
	take_record(&packing, &rotation->successor);
	take_record(&packing, &rotation->cut);
}

/* The database file, and the other state. */
static struct {
	uint8_t *bytes;
	size_t len, used; /* zeroes after that */
	struct life life;
} mark;

void
life_store_mark(void)
{
	free(mark.bytes);
	mark.bytes = scratch_read(
	    scratch_database(life_fixed.scratch), &mark.len);
	mark.used = mark.len;
	while (mark.used > 0 && mark.bytes[mark.used - 1] == 0)
		mark.used--;
	mark.life = life;
}

void
life_store_return(void)
{
	int fd = open(scratch_database(life_fixed.scratch),
	    O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, mark.bytes, mark.used), mark.used);
	assert_int_equal(ftruncate(fd, (off_t)mark.len), 0);
	assert_int_equal(close(fd), 0);
	list_again(&mark.life);
	life = mark.life;
}
