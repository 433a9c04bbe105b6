#include "pam/own_lines.h"

const struct pamstack_entry *
own_lines_find(const struct pamstack *stack, enum pamline_type type)
{
	for (size_t i = 0; i < stack->count; i++) {
		const struct pamstack_entry *entry = &stack->entries[i];

		if (entry->line.type == type &&
		    pamstack_is(entry, STACK_MODULE))
			return entry;
	}
	return NULL;
}

const struct pamstack_entry *
own_lines_find_second(const struct pamstack *stack)
{
	const struct pamstack_entry *shared[PAMLINE_TYPES] = {NULL};
	bool is_own[PAMLINE_TYPES] = {false};

	for (size_t i = 0; i < stack->count; i++) {
		const struct pamstack_entry *entry = &stack->entries[i];

		if (!pamstack_is(entry, STACK_MODULE))
			continue;
		if (entry->of_service)
			is_own[entry->line.type] = true;
		else
			shared[entry->line.type] = entry;
	}
	for (int i = 0; i < PAMLINE_TYPES; i++) {
		if (is_own[i] && shared[i] != NULL)
			return shared[i];
	}
	return NULL;
}

bool
own_lines_are_there(const struct pamstack *stack)
{
	return own_lines_find(stack, PAMLINE_AUTH) != NULL ||
	    own_lines_find(stack, PAMLINE_ACCOUNT) != NULL ||
	    own_lines_find(stack, PAMLINE_SESSION) != NULL;
}

bool
own_lines_is_file(const struct pamstack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		const struct pamstack_entry *entry = &stack->entries[i];

		if (pamstack_is(entry, STACK_MODULE) && entry->of_service)
			return true;
	}
	return false;
}
