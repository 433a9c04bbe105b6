#include "ledger.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define SHOWN 10 /* failures */

struct ledger *
ledger_new(void)
{
	struct ledger *ledger = mmap(NULL, sizeof(*ledger),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return ledger == MAP_FAILED ? NULL : ledger;
}

struct ledger_entry *
ledger_add(struct ledger *ledger, const char *user, const char *text, bool once)
{
	size_t number = atomic_fetch_add(&ledger->reserved, 1);
	struct ledger_entry *entry;

	if (number >= LEDGER_MAX) {
		atomic_fetch_sub(&ledger->reserved, 1);
		return NULL;
	}
	entry = &ledger->entries[number];
	(void)snprintf(entry->user, sizeof(entry->user), "%s", user);
	(void)snprintf(entry->text, sizeof(entry->text), "%s", text);
	entry->once = once;
	atomic_store(&entry->phase, LEDGER_ACTIVE);
	return entry;
}

void
ledger_point_at(struct ledger *ledger, const struct ledger_entry *entry)
{
	atomic_store(&ledger->hot, (size_t)(entry - ledger->entries) + 1);
}

void
ledger_fail(
    struct ledger *ledger, const struct ledger_entry *entry, const char *what)
{
	if (atomic_fetch_add(&ledger->failures, 1) < SHOWN)
		printf("entry %td, %s's token %.10s%s: %s\n",
		    entry - ledger->entries, entry->user, entry->text + 4,
		    entry->once ? " for one login" : "", what);
	(void)fflush(stdout);
}

uint64_t
ledger_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void
ledger_note_time(atomic_uint_least64_t *slowest, uint64_t start)
{
	uint64_t span = ledger_now() - start, before = atomic_load(slowest);

	while (span > before &&
	    !atomic_compare_exchange_weak(slowest, &before, span))
		continue;
}
