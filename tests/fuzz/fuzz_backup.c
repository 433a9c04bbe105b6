/*
 * A backup file. Part of the input is sealed by us: then the tokens in it are
 * read as they were written, and with any byte changed it is never accepted as
 * whole. Used as it is, the input is never accepted.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "backup/backup_head.h"
#include "backup/backup_reader.h"
#include "base/little_endian.h"
#include "store/key.h"

#define TOKENS_MAX 64
#define FULL 25  /* large tokens that fill one part, to the byte */
#define LARGE 40 /* and more than one part */
#define PLAIN_MAX (3 * BACKUP_PART_LEN)

static const uint8_t PNG[] = {0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a,
    0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x03,
    0x00, 0x00, 0x00, 0x02, 0x08, 0x02, 0x00, 0x00, 0x00, 0x12, 0x16, 0xf1,
    0x4d, 0x00, 0x00, 0x00, 0x15, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63,
    0x3c, 0x21, 0x67, 0xc3, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc4, 0x00,
    0x03, 0x00, 0x15, 0x2c, 0x01, 0x26, 0x85, 0x20, 0x4d, 0x46, 0x00, 0x00,
    0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

static struct config config;
static struct keys keys;

/* The file, in memory, and its path. */
static int file = -1;
static char path[32];
static uint8_t sealed[BACKUP_HEAD_LEN + PLAIN_MAX + 4 * CRYPTO_STREAM_EXTRA];
static size_t sealed_len;

/* What is to be sealed, and the tokens that it is made of. */
static uint8_t plain[PLAIN_MAX];
static size_t plain_len;
static struct token {
	char id[TOKEN_ID_LEN + 1];
	const uint8_t *bytes; /* in plain */
	size_t len;
} tokens[TOKENS_MAX];
static unsigned token_count;
static bool
    all_good; /* each of them is a valid record, and there are no others */

enum err __wrap_key_read(
    const char *name, struct keys *read, struct error *why);

enum err
__wrap_key_read(const char *name, struct keys *read, struct error *why)
{
	(void)name;
	(void)why;
	*read = keys;
	return ERR_OK;
}

static void
write_file(const uint8_t *bytes, size_t len)
{
	FUZZ_REQUIRE(pwrite(file, bytes, len, 0) == (ssize_t)len);
	FUZZ_REQUIRE(ftruncate(file, (off_t)len) == 0);
}

/* What came out of a file. */
struct outcome {
	enum err rc; /* ERR_NOT_FOUND: it was whole */
	unsigned count;
	bool as_written; /* the tokens that were put in, in order */
};

static bool
is_token(const struct record *record, const struct token *token)
{
	uint8_t bytes[RECORD_BYTES_MAX];
	size_t len = 0;

	FUZZ_REQUIRE(record_encode(record, keys.record, bytes, &len) == ERR_OK);
	return strcmp(record->id, token->id) == 0 && len == token->len &&
	    memcmp(bytes, token->bytes, len) == 0;
}

static struct outcome
read_file(void)
{
	struct outcome outcome = {.as_written = true};
	struct backup_reader *reader = NULL;
	static struct logo logo;
	struct backup_value value;
	struct record record;
	struct error why = {""};

	outcome.rc = backup_reader_open(&reader, &config, path, &why);
	while (outcome.rc == ERR_OK) {
		outcome.rc = backup_reader_next(reader, &record, &logo, &why);
		if (outcome.rc != ERR_OK)
			break;
		if (outcome.count >= token_count ||
		    !is_token(&record, &tokens[outcome.count]))
			outcome.as_written = false;
		outcome.count++;
	}
	if (outcome.rc == ERR_NOT_FOUND && backup_reader_has_values(reader)) {
		do
			outcome.rc = backup_reader_next_value(
			    reader, &value, &why);
		while (outcome.rc == ERR_OK);
	}
	FUZZ_REQUIRE((outcome.rc == ERR_NOT_FOUND) == (why.text[0] == '\0'));
	FUZZ_REQUIRE(
	    reader == NULL || outcome.count <= backup_reader_count(reader));
	backup_reader_close(reader);
	return outcome;
}

static void
add_plain(const void *bytes, size_t len)
{
	FUZZ_REQUIRE(len <= sizeof(plain) - plain_len);
	memcpy(plain + plain_len, bytes, len);
	plain_len += len;
}

/* One more, with the bytes of a record, or similar ones. */
static void
put_token(const char *id, const uint8_t *bytes, size_t len)
{
	const uint8_t size[2] = {(uint8_t)(len & 0xff), (uint8_t)(len >> 8)};
	struct token *token = &tokens[token_count++];

	strcpy(token->id, id);
	add_plain(id, TOKEN_ID_LEN);
	add_plain(size, sizeof(size));
	token->bytes = plain + plain_len;
	token->len = len;
	add_plain(bytes, len);
}

/* A token: an id, and the input's bytes with a valid MAC. */
static void
add_token(struct fuzz_input *input)
{
	uint8_t bytes[RECORD_BYTES_MAX];
	struct record record;
	char id[TOKEN_ID_LEN + 1];
	size_t len = (size_t)fuzz_number(input, 2) % 2048;

	if (len > input->left)
		len = input->left;
	if (len > 0)
		memcpy(bytes, input->at, len);
	input->at += len;
	input->left -= len;
	(void)snprintf(id, sizeof(id), "tkn%07u", token_count);
	crypto_mac(bytes + len, keys.record, CRYPTO_NAME_TOKEN, id, bytes, len);
	len += CRYPTO_HASH_LEN;
	put_token(id, bytes, len);
	/* A logo that it names is not there. */
	if (record_decode(&record, id, keys.record, bytes, len) != ERR_OK ||
	    record.logo != PICTURE_NONE)
		all_good = false;
}

/* A token with a logo, which is the input's if that is one. */
static void
add_with_logo(struct fuzz_input *input)
{
	static struct logo logo;
	struct record record = {.state = RECORD_ACTIVE};
	uint8_t bytes[RECORD_BYTES_MAX], size[BACKUP_LOGO_LEN];
	size_t len = 0;

	if (logo_set(&logo, input->at, input->left, "", NULL) != ERR_OK)
		(void)logo_set(&logo, PNG, sizeof(PNG), "", NULL);
	(void)snprintf(record.id, sizeof(record.id), "badge%05u", token_count);
	logo_note(&record, &logo);
	FUZZ_REQUIRE(
	    record_encode(&record, keys.record, bytes, &len) == ERR_OK);
	put_token(record.id, bytes, len);
	(void)little_endian_put(size, logo.len, sizeof(size));
	add_plain(size, sizeof(size));
	add_plain(logo.bytes, logo.len);
}

/* A valid token of this size; FULL of them fill about one part. */
static void
add_large(size_t size)
{
	struct record record = {.state = RECORD_ACTIVE, .services = "s"};
	uint8_t bytes[RECORD_BYTES_MAX];
	size_t len = 0;

	(void)snprintf(record.id, sizeof(record.id), "grand%05u", token_count);
	memset(record.description, 'd', PARSE_DESCRIPTION_MAX);
	memset(record.scopes, 'c', RECORD_SCOPES_MAX);
	record.from_count = RECORD_NETWORKS_MAX;
	FUZZ_REQUIRE(
	    record_encode(&record, keys.record, bytes, &len) == ERR_OK);
	size -= TOKEN_ID_LEN + 2 + len;
	FUZZ_REQUIRE(size < RECORD_SERVICES_MAX);
	memset(record.services, 's', 1 + size);
	FUZZ_REQUIRE(
	    record_encode(&record, keys.record, bytes, &len) == ERR_OK);
	put_token(record.id, bytes, len);
}

static void
build_plain(struct fuzz_input *input)
{
	unsigned choice = fuzz_byte(input), large = 0;

	plain_len = 0;
	token_count = 0;
	all_good = choice < 255 || input->left == 0;
	if (choice == 255) {
		add_plain(input->at, input->left);
		return;
	}
	if (choice == 250)
		add_with_logo(input);
	/* Rarely a part or more: that takes the most time. */
	if (choice > 250)
		large = choice == 254 ? FULL : LARGE;
	for (unsigned i = 0; i < large; i++)
		add_large(BACKUP_PART_LEN / FULL +
		    (i < BACKUP_PART_LEN % FULL ? 1 : 0));
	while (input->left > 0 && token_count < TOKENS_MAX)
		add_token(input);
}

/* Seals the content in parts; the last one holds the rest. */
static void
seal(uint64_t count)
{
	struct backup_head head = {.at = 1800000000, .count = count};
	struct crypto_stream stream;
	size_t done = 0;

	FUZZ_REQUIRE(
	    crypto_seal_start(&stream, head.stream, keys.backup) == ERR_OK);
	backup_head_encode(&head, &keys, sealed);
	sealed_len = BACKUP_HEAD_LEN;
	do {
		size_t len = plain_len - done;

		if (len > BACKUP_PART_LEN)
			len = BACKUP_PART_LEN;
		crypto_seal(&stream, sealed + sealed_len, plain + done, len,
		    sealed, BACKUP_HEAD_LEN, done + len == plain_len);
		sealed_len += len + CRYPTO_STREAM_EXTRA;
		done += len;
	} while (done < plain_len);
}

/* One byte changed, the end cut off, or something added to it. */
static void
damage(uint8_t how, uint64_t where)
{
	size_t at = (size_t)(where % sealed_len);

	if (how % 3 == 0)
		sealed[at] ^= (uint8_t)(1U << how % 8);
	else if (how % 3 == 1)
		sealed_len = at;
	else
		sealed[sealed_len++] = how;
}

static void
check_sealed(struct fuzz_input *input)
{
	uint8_t how = fuzz_byte(input), off_by = fuzz_byte(input);
	uint64_t where = fuzz_number(input, 4);
	struct outcome outcome;
	bool is_counted = off_by <= 250;

	build_plain(input);
	seal(token_count + (is_counted ? 0 : 1));
	write_file(sealed, sealed_len);
	outcome = read_file();
	FUZZ_REQUIRE(outcome.as_written);
	FUZZ_REQUIRE((outcome.rc == ERR_NOT_FOUND) == (all_good && is_counted));
	FUZZ_REQUIRE(
	    outcome.rc != ERR_NOT_FOUND || outcome.count == token_count);
	damage(how, where);
	write_file(sealed, sealed_len);
	outcome = read_file();
	FUZZ_REQUIRE(outcome.as_written);
	FUZZ_REQUIRE(outcome.rc != ERR_NOT_FOUND);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	FUZZ_REQUIRE(crypto_init(NULL) == ERR_OK);
	crypto_subkey(keys.record, CRYPTO_USE_RECORD, fuzz_key);
	crypto_subkey(keys.backup, CRYPTO_USE_BACKUP, fuzz_key);
	FUZZ_REQUIRE(config_parse(&config, "", 0, "", NULL) == ERR_OK);
	file = memfd_create("backup", MFD_CLOEXEC);
	FUZZ_REQUIRE(file >= 0);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};

	write_file(data, size);
	token_count = 0;
	FUZZ_REQUIRE(read_file().rc != ERR_NOT_FOUND);
	check_sealed(&input);
	return 0;
}
