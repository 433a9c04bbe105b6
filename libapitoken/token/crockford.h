/*
 * Base32 as Crockford writes it, for what people read aloud and type, in lower
 * case: no i, l, o, u. Pure.
 */
#ifndef APITOKEN_CROCKFORD_H
#define APITOKEN_CROCKFORD_H

#include <stddef.h>

#define CROCKFORD_ALPHABET "0123456789abcdefghjkmnpqrstvwxyz"

/*
 * The letter that was meant: capitals as their small letters, O as 0, I and L
 * as 1. NUL if it is none.
 */
char crockford_letter(char typed);

/*
 * Adds letters of the alphabet to a sum, which begins as CROCKFORD_SUM. The
 * check character that the sum gives at the end shows every single wrong letter
 * and every swap of two, itself included, in up to 31 letters.
 *
 * It is the weighted sum of ISBN-10 (ISO 2108), over the field of 32 elements
 * in place of that of 11: the letters times falling powers of x, with the check
 * character last, add up to 0. The field is that of Bech32 (BIP 173), modulo
 * x^5 + x^3 + 1. x has order 31 there, so no two weights are equal, and none is
 * 0. As in Bech32, a 1 stands before the first letter: zeros alone do not fit.
 */
#define CROCKFORD_SUM 1U
unsigned crockford_add(unsigned sum, const char *letters, size_t len);
char crockford_check(unsigned sum);

#endif
