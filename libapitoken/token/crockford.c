#include "token/crockford.h"

#include <string.h>

#define FIELD 0x29U /* x^5 + x^3 + 1 */
#define ELEMENTS 0x20U

static const char ALPHABET[] = CROCKFORD_ALPHABET;

char
crockford_letter(char typed)
{
	/* Not by tolower(3), whose answer is the host's locale's. */
	if (typed >= 'A' && typed <= 'Z')
		typed = (char)(typed - 'A' + 'a');
	if (typed == 'o')
		return '0';
	if (typed == 'i' || typed == 'l')
		return '1';
	if (typed == '\0' || strchr(ALPHABET, typed) == NULL)
		return '\0';
	return typed;
}

static unsigned
times_x(unsigned element)
{
	element <<= 1;
	return (element & ELEMENTS) != 0 ? element ^ FIELD : element;
}

unsigned
crockford_add(unsigned sum, const char *letters, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const char *place = strchr(ALPHABET, letters[i]);

		sum = times_x(sum) ^ (unsigned)(place - ALPHABET);
	}
	return sum;
}

char
crockford_check(unsigned sum)
{
	return ALPHABET[times_x(sum)];
}
