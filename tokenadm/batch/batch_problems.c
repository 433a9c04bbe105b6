#include "batch/batch_problems.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/text.h"

void
problems_add(struct problems *problems, size_t line, const struct error *why)
{
	if (problems->count < PROBLEMS_SHOWN) {
		problems->shown[problems->count].line = line;
		problems->shown[problems->count].why = *why;
	}
	problems->count++;
}

static int
compare(const void *a, const void *b)
{
	size_t left = ((const struct problem *)a)->line;
	size_t right = ((const struct problem *)b)->line;

	return (left > right) - (left < right);
}

void
problems_print(struct problems *problems, const char *file)
{
	size_t shown = problems->count < PROBLEMS_SHOWN ? problems->count
							: PROBLEMS_SHOWN;

	qsort(problems->shown, shown, sizeof(problems->shown[0]), compare);
	for (size_t i = 0; i < shown; i++) {
		text_print(stderr, file);
		fprintf(stderr, ":%zu: ", problems->shown[i].line);
		text_print(stderr, problems->shown[i].why.text);
		fputc('\n', stderr);
	}
	if (problems->count > shown) {
		text_print(stderr, file);
		fprintf(stderr, ": and %zu more\n", problems->count - shown);
	}
}
