/*
 * A preloaded time(2): the machine's, set on by the number of seconds in
 * /run/clock, which may change at any moment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

time_t
time(time_t *result)
{
	struct timespec now = {0};
	char text[32] = "";
	long on;
	FILE *file = fopen("/run/clock", "re");

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (file != NULL) {
		if (fgets(text, sizeof(text), file) == NULL)
			text[0] = '\0';
		(void)fclose(file);
	}
	on = strtol(text, NULL, 10);
	if (result != NULL)
		*result = now.tv_sec + on;
	return now.tv_sec + on;
}
