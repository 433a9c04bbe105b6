#include "lifecycle/single_use.h"

#include <string.h>

#include "lifecycle/life_table.h"
#include "lifecycle/rotation.h"
#include "store/store.h"

static enum err
spend(struct store *store, const char *id, int64_t now, char *ticket,
    struct error *why)
{
	static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz234567";
	const struct record_event event = {
	    .at = now,
	    .by = RECORD_BY_LOGIN,
	    .reason = "used once",
	};
	struct record record;
	enum err rc = store_get(store, id, &record, why);

	if (rc != ERR_OK)
		return rc;
	if (!record_is_usable(&record, now) || record.lifetime != RECORD_ONCE)
		return error_set(why, ERR_REFUSED, "used up meanwhile");
	rc = crypto_draw(record.ticket, RECORD_TICKET_LEN, LETTERS);
	if (rc != ERR_OK)
		return error_plain(why, rc);
	record.ticket[RECORD_TICKET_LEN] = '\0';
	strcpy(ticket, record.ticket);
	(void)life_apply(&record, LIFE_USE_UP, &event);
	/* In the same change: the two have one login between them. */
	rc = rotation_end(store, &record, now, why);
	return rc == ERR_OK ? store_put(store, &record, why) : rc;
}

enum err
single_use_spend(const struct config *config, const char *id, int64_t now,
    int64_t deadline, char ticket[RECORD_TICKET_LEN + 1], struct error *why)
{
	struct store *store;
	enum err rc = store_open(&store, config, STORE_WRITE, deadline, why);

	if (rc != ERR_OK)
		return rc;
	rc = spend(store, id, now, ticket, why);
	if (rc == ERR_OK)
		rc = store_commit(store, why);
	store_close(store);
	return rc;
}

bool
single_use_is_spent(const struct record *record)
{
	return record->state == RECORD_REVOKED && record->ticket[0] != '\0';
}

bool
single_use_has_ticket(const struct record *record, const char *ticket)
{
	return single_use_is_spent(record) && ticket != NULL &&
	    strlen(ticket) == RECORD_TICKET_LEN &&
	    crypto_equal(
		(const uint8_t *)record->ticket, (const uint8_t *)ticket);
}
