#include "check/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

void
findings_add(struct findings *findings, const char *format, ...)
{
	struct error line;
	va_list args;

	findings->count++;
	if (findings->kept == FINDINGS_KEPT)
		return;
	if (findings->lines == NULL)
		findings->lines = calloc(
		    FINDINGS_KEPT, sizeof(*findings->lines));
	if (findings->lines == NULL)
		return;
	va_start(args, format);
	(void)vsnprintf(line.text, sizeof(line.text), format, args);
	va_end(args);
	findings->lines[findings->kept] = strdup(line.text);
	if (findings->lines[findings->kept] != NULL)
		findings->kept++;
}

void
findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->kept; i++)
		free(findings->lines[i]);
	free(findings->lines);
	*findings = (struct findings){0};
}
