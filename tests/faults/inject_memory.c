/* malloc and its kin, which fail when they are told to. */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "inject.h"

static atomic_long live;

long
inject_live(void)
{
	return live;
}

typedef void *malloc_function(size_t);
typedef void *calloc_function(size_t, size_t);
typedef void *realloc_function(void *, size_t);
typedef void *aligned_function(size_t, size_t);
typedef void free_function(void *);

/* The next one of this name, found once. */
#define REAL(type, name)                                                       \
	({                                                                     \
		static type *found;                                            \
		if (found == NULL)                                             \
			*(void **)&found = dlsym(RTLD_NEXT, name);             \
		found;                                                         \
	})

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
	return fails() ? NULL : count(REAL(malloc_function, "malloc")(size));
}

void *
calloc(size_t number, size_t size)
{
	return fails() ? NULL
		       : count(REAL(calloc_function, "calloc")(number, size));
}

void *
realloc(void *old, size_t size)
{
	void *block;

	if (fails())
		return NULL;
	block = REAL(realloc_function, "realloc")(old, size);
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
	return fails()
	    ? NULL
	    : count(REAL(aligned_function, "aligned_alloc")(alignment, size));
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
	REAL(free_function, "free")(block);
}

#pragma GCC visibility pop
