#include "secrets.h"

#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/key.h"
#include "token/token.h"

static struct secret *
add(struct secrets *secrets, const void *bytes, size_t len)
{
	struct secret *secret;

	secrets->all = reallocarray(
	    secrets->all, secrets->count + 1, sizeof(*secret));
	if (secrets->all == NULL)
		err(2, "memory");
	secret = &secrets->all[secrets->count++];
	*secret = (struct secret){.len = len};
	memcpy(secret->bytes, bytes, len);
	return secret;
}

static size_t
read_all(const char *path, char *bytes, size_t size)
{
	FILE *stream = fopen(path, "re");
	size_t len;

	if (stream == NULL)
		err(2, "%s", path);
	len = fread(bytes, 1, size - 1, stream);
	(void)fclose(stream);
	bytes[len] = '\0';
	return len;
}

static void
add_secret(struct secrets *secrets, const char *text)
{
	struct secret *secret = add(secrets, text + TOKEN_SECRET_START,
	    strlen(text) - TOKEN_SECRET_START);

	(void)snprintf(secret->name, sizeof(secret->name), "token %.10s",
	    text + sizeof("atk_") - 1);
}

/* The hash that a digest is made of: that of a short token can be searched. */
static void
add_hash(struct secrets *secrets, const char *canonical)
{
	uint8_t hash[CRYPTO_HASH_LEN];
	struct secret *secret;

	crypto_plain_hash(hash, canonical, strlen(canonical));
	secret = add(secrets, hash, sizeof(hash));
	(void)snprintf(secret->name, sizeof(secret->name), "hash of %.10s",
	    canonical + sizeof("atk_") - 1);
}

/* What has the shape of a token: as it stands there, and as it is meant. */
static void
add_token(struct secrets *secrets, const char *at)
{
	char text[TOKEN_LEN + 1], canonical[TOKEN_LEN + 1];
	size_t len = token_span(at);

	len = len < TOKEN_LEN ? len : TOKEN_LEN;
	memcpy(text, at, len);
	text[len] = '\0';
	add_secret(secrets, text);
	if (!token_canonical(text, canonical))
		return;
	if (strcmp(canonical, text) != 0)
		add_secret(secrets, canonical);
	add_hash(secrets, canonical);
}

void
secrets_add_tokens(struct secrets *secrets, const char *path)
{
	static char bytes[1 << 20];
	size_t len = read_all(path, bytes, sizeof(bytes));

	for (size_t i = 0; i < len; i++) {
		if (token_has_shape(bytes + i))
			add_token(secrets, bytes + i);
	}
}

static void
add_key(struct secrets *secrets, const char *name, const uint8_t *key)
{
	strcpy(add(secrets, key, CRYPTO_KEY_LEN)->name, name);
}

void
secrets_add_keys(struct secrets *secrets, const char *path)
{
	char bytes[CRYPTO_KEY_LEN + 2];
	struct keys keys;

	if (crypto_init(NULL) != ERR_OK ||
	    key_read(path, &keys, NULL) != ERR_OK)
		return;
	(void)read_all(path, bytes, sizeof(bytes));
	add_key(secrets, "the key", (const uint8_t *)bytes);
	add_key(secrets, "the key of digests", keys.digest);
	add_key(secrets, "the key of records", keys.record);
	add_key(secrets, "the key of the hand-off", keys.handoff);
	add_key(secrets, "the key of backups", keys.backup);
}

void
secrets_free(struct secrets *secrets)
{
	free(secrets->all);
	*secrets = (struct secrets){NULL, 0};
}

/* Whether a whole token is at bytes, and nothing of one behind it. */
static bool
is_token(const uint8_t *bytes, size_t len)
{
	char text[TOKEN_LEN + 2] = "", id[TOKEN_ID_LEN + 1];

	memcpy(text, bytes, len < TOKEN_LEN + 1 ? len : TOKEN_LEN + 1);
	if (token_span(text) == TOKEN_LEN + 1)
		return false;
	text[token_span(text)] = '\0';
	return token_parse(text, id);
}

const uint8_t *
secrets_find_token(const uint8_t *bytes, size_t len, size_t *at)
{
	while (*at < len) {
		const uint8_t *found = memmem(
		    bytes + *at, len - *at, "atk_", 4);

		if (found == NULL)
			return NULL;
		*at = (size_t)(found - bytes) + 1;
		if (is_token(found, len - (size_t)(found - bytes)))
			return found;
	}
	return NULL;
}

/* How many bytes of the secret, from a byte of it on, are at bytes. */
static size_t
common_len(
    const struct secret *secret, size_t from, const uint8_t *bytes, size_t len)
{
	size_t count = 0;

	while (from + count < secret->len && count < len &&
	    secret->bytes[from + count] == bytes[count])
		count++;
	return count;
}

static int
find_here(const struct secrets *secrets, const uint8_t *bytes, size_t len,
    struct finding *finding)
{
	for (size_t i = 0; i < secrets->count; i++) {
		const struct secret *secret = &secrets->all[i];

		for (size_t from = 0; from + PIECE <= secret->len; from++) {
			size_t found = common_len(secret, from, bytes, len);

			if (found < PIECE)
				continue;
			finding->secret = secret;
			finding->from = from;
			finding->len = found;
			return 1;
		}
	}
	return 0;
}

int
secrets_find(const struct secrets *secrets, const uint8_t *bytes, size_t len,
    size_t *at, struct finding *finding)
{
	/* Which two bytes a piece can start with. */
	static uint8_t begins[1 << 16];

	if (*at == 0) {
		memset(begins, 0, sizeof(begins));
		for (size_t i = 0; i < secrets->count; i++)
			for (size_t j = 0; j + 1 < secrets->all[i].len; j++)
				begins[secrets->all[i].bytes[j] << 8 |
				    secrets->all[i].bytes[j + 1]] = 1;
	}
	for (; *at + PIECE <= len; (*at)++) {
		if (!begins[bytes[*at] << 8 | bytes[*at + 1]] ||
		    !find_here(secrets, bytes + *at, len - *at, finding))
			continue;
		finding->at = *at;
		*at += finding->len;
		return 1;
	}
	return 0;
}
