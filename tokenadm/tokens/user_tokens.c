#include "tokens/user_tokens.h"

#include "lifecycle/rotation.h"

enum err
user_tokens_read(struct user_tokens *room, struct store *store,
    const char *user, int64_t now, user_tokens_reader *reader, void *arg,
    struct error *why)
{
	struct record record;
	bool gave_way;
	enum err rc;

	*room = (struct user_tokens){0};
	rc = store_get_index(store, user, &room->index, why);
	for (size_t i = 0; rc == ERR_OK && i < room->index.count; i++) {
		rc = store_get(store, room->index.ids[i], &record, why);
		if (rc != ERR_OK)
			break;
		if (!record_is_usable(&record, now)) {
			room->dead++;
			continue;
		}
		/* A rotated token gives up its name and its place. */
		rc = rotation_has_given_way(
		    &gave_way, store, &record, now, why);
		if (rc != ERR_OK || gave_way)
			continue;
		room->usable++;
		rc = reader(&record, arg, why);
	}
	return rc;
}

void
user_tokens_free(struct user_tokens *room)
{
	index_free(&room->index);
}
