#include "log_check.h"

#include <stddef.h>
#include <string.h>

#include "fuzz.h"
#include "login/log_line.h"

static const char *forbidden;

void
log_check_secret(const char *secret)
{
	forbidden = secret;
}

void
log_check(const char *line)
{
	size_t len = strlen(line);

	fuzz_trace("%s", line);
	FUZZ_REQUIRE(strncmp(line, "pam_apitoken(", 13) == 0);
	FUZZ_REQUIRE(len < LOG_LINE_SIZE);
	for (size_t i = 0; i < len; i++)
		FUZZ_REQUIRE(line[i] >= ' ' && line[i] <= '~');
	FUZZ_REQUIRE(forbidden == NULL || strstr(line, forbidden) == NULL);
}
