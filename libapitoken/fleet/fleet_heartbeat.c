#include "fleet/fleet_heartbeat.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fleet/fleet_lines.h"
#include "session/rundir.h"

#define TITLE "apitoken-fleet-heartbeat 1"
#define FILE_NAME "heartbeat"

size_t
fleet_heartbeat_format(
    const struct fleet_heartbeat *heartbeat, char text[FLEET_HEARTBEAT_MAX + 1])
{
	size_t len = (size_t)snprintf(text, FLEET_HEARTBEAT_MAX + 1,
	    TITLE "\nboot=%s\n", heartbeat->boot);

	for (size_t i = 0; i < heartbeat->count; i++) {
		const struct fleet_beat *beat = &heartbeat->beats[i];

		len += (size_t)snprintf(text + len,
		    FLEET_HEARTBEAT_MAX + 1 - len,
		    "issuer=%s %" PRIu64 " %" PRIu64 " %" PRId64 "\n",
		    beat->issuer, beat->epoch, beat->seq, beat->seen);
	}
	return len;
}

/* Cuts the last word off a text; NULL if it has only one. */
static const char *
cut_last(char *text)
{
	char *blank = strrchr(text, ' ');

	if (blank == NULL)
		return NULL;
	*blank = '\0';
	return blank + 1;
}

static bool
take_number(char *text, uint64_t *number)
{
	const char *word = cut_last(text);

	return word != NULL && fleet_number(word, INT64_MAX, number);
}

/* NAME EPOCH SEQ SEEN */
static bool
read_beat(struct fleet_beat *beat, char *value)
{
	uint64_t seen;

	if (!take_number(value, &seen) || !take_number(value, &beat->seq) ||
	    !take_number(value, &beat->epoch) || !parse_is_host(value))
		return false;
	strcpy(beat->issuer, value);
	beat->seen = (int64_t)seen;
	return true;
}

static bool
read_lines(struct fleet_heartbeat *heartbeat, struct fleet_lines *lines)
{
	char value[FLEET_LINE_MAX + 1];

	if (!fleet_lines_take(lines, TITLE) ||
	    !fleet_lines_value(lines, "boot", value) ||
	    strlen(value) != BOOT_LEN)
		return false;
	strcpy(heartbeat->boot, value);
	while (lines->left > 0) {
		struct fleet_beat beat;

		if (heartbeat->count == FLEET_ISSUERS_MAX ||
		    !fleet_lines_value(lines, "issuer", value) ||
		    !read_beat(&beat, value) ||
		    fleet_heartbeat_find(heartbeat, beat.issuer) != NULL)
			return false;
		heartbeat->beats[heartbeat->count++] = beat;
	}
	return true;
}

enum err
fleet_heartbeat_parse(
    struct fleet_heartbeat *heartbeat, const char *text, size_t len)
{
	struct fleet_lines lines = {text, len};

	*heartbeat = (struct fleet_heartbeat){0};
	if (read_lines(heartbeat, &lines))
		return ERR_OK;
	*heartbeat = (struct fleet_heartbeat){0};
	return ERR_INVALID;
}

enum err
fleet_heartbeat_write(
    const char *run, const struct fleet_heartbeat *heartbeat, struct error *why)
{
	char *text = malloc(FLEET_HEARTBEAT_MAX + 1);
	int dir = -1;
	enum err rc;

	if (text == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = rundir_open(&dir, run, RUNDIR_FLEET, RUNDIR_MAKE, why);
	if (rc == ERR_OK)
		rundir_sweep(dir);
	if (rc == ERR_OK)
		rc = rundir_write(dir, FILE_NAME, (const uint8_t *)text,
		    fleet_heartbeat_format(heartbeat, text), why);
	if (dir >= 0)
		(void)close(dir);
	free(text);
	return rc;
}

enum err
fleet_heartbeat_read(
    const char *run, struct fleet_heartbeat *heartbeat, struct error *why)
{
	char *text = malloc(FLEET_HEARTBEAT_MAX);
	size_t len = 0;
	int dir = -1;
	enum err rc;

	*heartbeat = (struct fleet_heartbeat){0};
	if (text == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = rundir_open(&dir, run, RUNDIR_FLEET, RUNDIR_LOOK, why);
	if (rc == ERR_OK)
		rc = rundir_read(dir, FILE_NAME, (uint8_t *)text,
		    FLEET_HEARTBEAT_MAX, &len, why);
	if (rc == ERR_OK && len <= FLEET_HEARTBEAT_MAX)
		(void)fleet_heartbeat_parse(heartbeat, text, len);
	if (dir >= 0)
		(void)close(dir);
	free(text);
	return rc == ERR_MISSING ? ERR_OK : rc;
}

const struct fleet_beat *
fleet_heartbeat_find(
    const struct fleet_heartbeat *heartbeat, const char *issuer)
{
	for (size_t i = 0; i < heartbeat->count; i++) {
		if (strcmp(heartbeat->beats[i].issuer, issuer) == 0)
			return &heartbeat->beats[i];
	}
	return NULL;
}
