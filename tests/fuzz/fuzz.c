#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const uint8_t fuzz_key[32] = {7, 1, 4, 1, 5, 9, 2, 6};

void
fuzz_fail(const char *text, const char *file, int line)
{
	(void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, text);
	abort();
}

void
fuzz_trace(const char *format, ...)
{
	va_list args;

	if (getenv("FUZZ_TRACE") == NULL)
		return;
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
}

uint8_t
fuzz_byte(struct fuzz_input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->at++;
}

uint64_t
fuzz_number(struct fuzz_input *input, unsigned bytes)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < bytes; i++)
		number |= (uint64_t)fuzz_byte(input) << 8 * i;
	return number;
}

unsigned
fuzz_below(struct fuzz_input *input, unsigned bound)
{
	return fuzz_byte(input) % bound;
}

size_t
fuzz_text(struct fuzz_input *input, char *text, size_t size)
{
	size_t len = fuzz_byte(input);

	if (len > size - 1)
		len = size - 1;
	if (len > input->left)
		len = input->left;
	if (len > 0)
		memcpy(text, input->at, len);
	text[len] = '\0';
	input->at += len;
	input->left -= len;
	return strlen(text);
}

uint8_t *
fuzz_copy(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size);

	FUZZ_REQUIRE(copy != NULL || size == 0);
	if (size > 0)
		memcpy(copy, data, size);
	return copy;
}

char *
fuzz_string(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);

	FUZZ_REQUIRE(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

__attribute__((weak)) int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	FUZZ_REQUIRE(crypto_init(NULL) == ERR_OK);
	return 0;
}

uint8_t *
fuzz_seal(
    const uint8_t *data, size_t size, enum crypto_name kind, const char *name)
{
	uint8_t *sealed = malloc(size + CRYPTO_HASH_LEN);

	FUZZ_REQUIRE(sealed != NULL);
	if (size > 0)
		memcpy(sealed, data, size);
	crypto_mac(sealed + size, fuzz_key, kind, name, sealed, size);
	return sealed;
}
