#include "doctor/stack_place.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

bool
stack_place_is_generated(const char *file)
{
	static const char AUTHSELECT[] = "/etc/authselect/";
	char path[PATH_MAX];
	size_t len;

	if (realpath(file, path) == NULL)
		return false;
	len = strlen(path);
	/* pam-config of SUSE writes common-auth-pc, to which common-auth links.
	 */
	return strncmp(path, AUTHSELECT, sizeof(AUTHSELECT) - 1) == 0 ||
	    (len > 3 && strcmp(path + len - 3, "-pc") == 0);
}

static bool
comes_by(const struct pamstack_entry *entry, const struct pamstack_via *via)
{
	const struct pamstack_via *at = entry != NULL ? entry->via : NULL;

	while (at != NULL && at != via)
		at = at->up;
	return at != NULL;
}

/* The entry of the line's type before that one, other than the line. */
static const struct pamstack_entry *
find_previous(const struct stack_advice *wiring, size_t index)
{
	while (index > 0) {
		const struct pamstack_entry *entry =
		    &wiring->stack->entries[--index];

		if (entry->line.type == wiring->type && entry != wiring->line)
			return entry;
	}
	return NULL;
}

static unsigned
depth_of(const struct pamstack_via *via)
{
	unsigned depth = 0;

	for (; via != NULL; via = via->up)
		depth++;
	return depth;
}

bool
stack_place_before(
    const struct stack_advice *wiring, size_t index, struct stack_place *place)
{
	const struct pamstack_entry *entry = &wiring->stack->entries[index];
	const struct pamstack_entry *previous = find_previous(wiring, index);
	const struct pamstack_via *via = entry->via;

	*place = (struct stack_place){index, entry->file, entry->number,
	    entry->level, depth_of(entry->via)};
	/* An include that begins here has the place before it, too. */
	for (; via != NULL && via->level == entry->level; via = via->up) {
		if (comes_by(previous, via))
			break;
		place->file = via->file;
		place->number = via->number;
		place->depth = depth_of(via->up);
	}
	return entry != wiring->line && !entry->of_other &&
	    entry->line.type == wiring->type &&
	    !stack_place_is_generated(place->file) &&
	    (index == 0 || &wiring->stack->entries[index - 1] != wiring->line);
}

struct stack_place
stack_place_end(const struct stack_advice *wiring)
{
	return (struct stack_place){
	    wiring->stack->count, wiring->stack->file, 0, 0, 0};
}
