#include "sweep/sweep_print.h"

#include <stdio.h>

static void
print_name(const struct sweep_owner *owner)
{
	printf("%s", owner->user);
	if (owner->uid != (uid_t)-1)
		printf(" (uid %lu)", (unsigned long)owner->uid);
}

void
sweep_print_owner(const struct sweep_owner *owner, size_t tokens,
    const char *issuer, const char *done)
{
	print_name(owner);
	printf(": %zu token%s", tokens, tokens == 1 ? "" : "s");
	if (issuer != NULL)
		printf(" of issuer %s", issuer);
	printf(" %s: %s\n", done, sweep_reason(owner));
}

void
sweep_print_alone(
    const struct sweeping *how, const struct sweep *sweep, const char *what)
{
	const struct sweep_owner *one = sweep->owners;
	size_t count = 0;

	for (; one != NULL; one = one->next) {
		if (one->found != SWEEP_UNKNOWN || count++ >= how->most_alone)
			continue;
		print_name(one);
		printf(": %sleft alone: %s\n", what, sweep_reason(one));
	}
	if (count > how->most_alone)
		printf("%sleft alone, too: %zu more\n", what,
		    count - how->most_alone);
}
