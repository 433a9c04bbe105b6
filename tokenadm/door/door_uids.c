#include "door/door_uids.h"

#include <stdlib.h>
#include <string.h>

#include "account/passwd_files.h"

struct reading {
	const struct config *config;
	struct door_uids uids;
};

static bool
is_listed(const struct config *config, const char *name)
{
	const struct door_caller *caller = config->door.callers;

	while (caller != NULL && strcmp(caller->user, name) != 0)
		caller = caller->next;
	return caller != NULL;
}

static enum err
add(const char *name, const struct passwd *entry, void *arg)
{
	struct reading *reading = arg;
	struct door_uids *uids = &reading->uids;
	uid_t *local;

	if (entry == NULL) /* damaged: shares with the others */
		return ERR_OK;
	local = reallocarray(
	    uids->local, uids->local_count + 1, sizeof(*local));
	if (local == NULL)
		return ERR_NOMEM;
	uids->local = local;
	uids->local[uids->local_count++] = entry->pw_uid;
	door_subuids_set_owner(uids->subordinate, name, entry->pw_uid);
	if (uids->listed_count < DOOR_LISTED_MAX &&
	    is_listed(reading->config, name))
		uids->listed[uids->listed_count++] = entry->pw_uid;
	return ERR_OK;
}

static int
compare(const void *left, const void *right)
{
	uid_t a = *(const uid_t *)left, b = *(const uid_t *)right;

	return (a > b) - (a < b);
}

enum err
door_uids_read(
    struct door_uids *uids, const struct config *config, struct error *why)
{
	struct reading reading = {.config = config};
	struct passwd_files_passwd file;
	enum err rc = door_subuids_read(&reading.uids.subordinate);

	if (rc != ERR_OK)
		(void)error_plain(why, rc);
	else
		rc = passwd_files_passwd(add, &reading, &file, why);
	if (rc != ERR_OK) {
		door_uids_free(&reading.uids);
		return rc;
	}
	if (reading.uids.local_count > 0)
		qsort(reading.uids.local, reading.uids.local_count,
		    sizeof(*reading.uids.local), compare);
	door_uids_free(uids);
	*uids = reading.uids;
	return ERR_OK;
}

static enum door_share
share_of(const struct door_uids *uids, uid_t uid)
{
	if (uid == 0)
		return DOOR_SHARE_ROOT;
	for (size_t i = 0; i < uids->listed_count; i++) {
		if (uids->listed[i] == uid)
			return DOOR_SHARE_LISTED;
	}
	if (uids->local_count > 0 &&
	    bsearch(&uid, uids->local, uids->local_count, sizeof(uid),
		compare) != NULL)
		return DOOR_SHARE_LOCAL;
	return DOOR_SHARE_OTHERS;
}

struct door_place
door_uids_place(const struct door_uids *uids, uid_t uid)
{
	struct door_place place = {share_of(uids, uid), uid};
	uid_t owner;

	if (place.share == DOOR_SHARE_OTHERS &&
	    door_subuids_find(uids->subordinate, uid, &owner) && owner != 0)
		place = (struct door_place){share_of(uids, owner), owner};
	return place;
}

void
door_uids_free(struct door_uids *uids)
{
	free(uids->local);
	door_subuids_free(&uids->subordinate);
	*uids = (struct door_uids){0};
}
