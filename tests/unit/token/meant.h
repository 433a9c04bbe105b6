/* What people type, judged apart from the code that is tested. */
#ifndef TESTS_MEANT_H
#define TESTS_MEANT_H

#include <string.h>

/* What was meant by a typed character of an id, or of a short token. */
static inline int
meant(int typed)
{
	static const char TYPED[] = "ABCDEFGHJKMNPQRSTVWXYZOoIiLl";
	static const char MEANT[] = "abcdefghjkmnpqrstvwxyz001111";
	const char *at = typed == '\0' ? NULL : strchr(TYPED, typed);

	return at == NULL ? typed : MEANT[at - TYPED];
}

#endif
