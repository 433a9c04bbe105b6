/* malloc and related functions, which fail when told to. */
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "inject.h"

/*
 * The real allocator: AddressSanitizer's if linked in, else glibc's. Not found
 * by dlsym, which itself allocates and frees.
 */
#define REAL(name)                                                             \
	(__interceptor_##name != NULL ? __interceptor_##name : __libc_##name)
#define DECLARE(type, name, arguments)                                         \
	__attribute__((weak)) type __interceptor_##name arguments;             \
	type __libc_##name arguments

DECLARE(void *, malloc, (size_t size));
DECLARE(void *, calloc, (size_t number, size_t size));
DECLARE(void *, realloc, (void *old, size_t size));
DECLARE(void *, memalign, (size_t alignment, size_t size));
DECLARE(void, free, (void *block));

static atomic_long live;

long
inject_live(void)
{
	return live;
}

static void *
count(void *block)
{
	if (block != NULL)
		live++;
	return block;
}

/* Whether it fails now. */
static _Bool
fails(void)
{
	if (!inject_next_allocation())
		return 0;
	errno = ENOMEM;
	return 1;
}

#pragma GCC visibility push(default)

void *
malloc(size_t size)
{
	return fails() ? NULL : count(REAL(malloc)(size));
}

void *
calloc(size_t number, size_t size)
{
	return fails() ? NULL : count(REAL(calloc)(number, size));
}

void *
realloc(void *old, size_t size)
{
	void *block;

	if (fails())
		return NULL;
	block = REAL(realloc)(old, size);
	if (old == NULL)
		return count(block);
	live -= size == 0 && block == NULL;
	return block;
}

void *
reallocarray(void *old, size_t number, size_t size)
{
	size_t all;

	if (!__builtin_mul_overflow(number, size, &all))
		return realloc(old, all);
	errno = ENOMEM;
	return NULL;
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : count(REAL(memalign)(alignment, size));
}

int
posix_memalign(void **block, size_t alignment, size_t size)
{
	void *made = aligned_alloc(alignment, size);

	if (made == NULL)
		return ENOMEM;
	*block = made;
	return 0;
}

void
free(void *block)
{
	live -= block != NULL;
	REAL(free)(block);
}

#pragma GCC visibility pop
