#include "fleet/fleet_retain.h"

#include <stdio.h>
#include <string.h>

#include "fleet/fleet_verify.h"

bool
fleet_is_long_expired(int64_t expires, int64_t now)
{
	/* Clocks differ: here it may be over, and elsewhere not. */
	return now >= time_add(expires, FLEET_CLOCK_SLACK);
}

struct record_event
fleet_revoked_by(const char *issuer, const struct record_event *ended)
{
	struct record_event event = *ended;

	(void)snprintf(
	    event.by, sizeof(event.by), "%.64s:%.180s", issuer, ended->by);
	return event;
}

/* Retains it for one part, if that is a token that needs it. */
static enum err
retain_for(
    struct fleet_part *part, const struct record_event *event, int64_t now)
{
	struct fleet_overlay *overlay = &part->overlay;
	struct fleet_record record;
	enum err rc = fleet_record_decode(&record, part->bytes, part->len);

	if (rc != ERR_OK || record.kind != FLEET_TOKEN ||
	    record.token.state == RECORD_REVOKED ||
	    overlay->state == RECORD_REVOKED ||
	    fleet_is_long_expired(record.token.expires, now))
		return rc;
	overlay->state = RECORD_REVOKED;
	overlay->is_retained = true;
	overlay->ended = *event;
	return ERR_OK;
}

enum err
fleet_retain(struct fleet_entry *entry, const char *issuer, int64_t now)
{
	const struct fleet_part *own = fleet_entry_find(entry, issuer);
	struct fleet_record record;
	struct record_event event;
	enum err rc;

	if (own == NULL || own->len == 0)
		return ERR_OK;
	rc = fleet_record_decode(&record, own->bytes, own->len);
	if (rc != ERR_OK || record.kind != FLEET_REVOKE)
		return rc;
	event = fleet_revoked_by(issuer, &record.token.ended);
	for (size_t i = 0; rc == ERR_OK && i < entry->count; i++) {
		if (entry->parts[i].len > 0)
			rc = retain_for(&entry->parts[i], &event, now);
	}
	return rc;
}

enum err
fleet_retain_end(struct fleet_entry *entry, const char *issuer)
{
	struct fleet_part *part = fleet_entry_find(entry, issuer);
	struct fleet_record record;
	enum err rc;

	if (part == NULL || part->len == 0 || !part->overlay.is_retained)
		return ERR_OK;
	rc = fleet_record_decode(&record, part->bytes, part->len);
	if (rc != ERR_OK || record.kind != FLEET_TOKEN ||
	    record.token.state != RECORD_REVOKED)
		return rc;
	fleet_overlay_clear(&part->overlay);
	return ERR_OK;
}
