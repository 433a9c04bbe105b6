#include "confine/confine_paths.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/list.h"

/*
 * Sockets of programs that act for others are here: user managers, D-Bus,
 * agents, containers, terminal multiplexers, databases, X servers.
 */
#define HIDDEN "/run,/tmp"

/*
 * What a session or its server needs of that: names of users and hosts, the
 * log, and the empty directory of Debian's vsftpd. The sockets only answer
 * queries and take log lines.
 */
#define VISIBLE                                                                \
	"/run/NetworkManager/resolv.conf,/run/connman/resolv.conf,"            \
	"/run/netconfig,/run/nscd,/run/nslcd,/run/resolvconf,"                 \
	"/run/systemd/journal,/run/systemd/resolve,/run/systemd/userdb,"       \
	"/run/vsftpd"

/*
 * Logins and logouts are noted here, by the server or by its PAM modules, as
 * root: users may not. The directories are those of pam_lastlog2 and
 * pam_wtmpdb, which Debian 13 has instead of the files.
 */
#define RECORDS                                                                \
	"/run/utmp,/var/lib/lastlog,/var/lib/wtmpdb,/var/log/lastlog,"         \
	"/var/log/wtmp"

/* Terminals are given to their user, and taken back. */
#define TERMINALS "/dev/pts"

/* If writable, a session gets its own instead of the machine's shared ones. */
#define SHARED "/dev/shm,/tmp,/var/tmp"

/* What is built in, or a key of [confine]. */
struct place_list {
	enum place_kind kind;
	bool is_built_in;
	const char *list;
};

static bool
is_above(const char *path, const char *below)
{
	size_t len = strlen(path);

	return strncmp(path, below, len) == 0 && below[len] == '/';
}

static struct place *
find(const struct places *places, const char *path)
{
	for (size_t i = 0; i < places->count; i++) {
		if (strcmp(places->list[i].path, path) == 0)
			return &places->list[i];
	}
	return NULL;
}

/* The path from the config, with `~` replaced by home. */
static enum err
expand(char full[2 * PATH_LEN + 1], const char *path, const char *home,
    struct error *why)
{
	size_t len = 0;

	if (path[0] == '~') {
		len = strlen(home);
		if (len > PATH_LEN)
			return error_set(
			    why, ERR_INVALID, "%s: too long a path", home);
		/* If home is `/`, nothing is left. */
		while (len > 0 && home[len - 1] == '/')
			len--;
		memcpy(full, home, len);
		path++;
	}
	strcpy(full + len, path);
	return ERR_OK;
}

/* Puts a path on the list; a later entry replaces an earlier one. */
static enum err
put(struct places *places, enum place_kind kind, bool is_built_in,
    const char *path)
{
	struct place *place = find(places, path);

	if (place == NULL) {
		struct place *list = realloc(places->list,
		    (places->count + 1) * sizeof(places->list[0]));

		if (list == NULL)
			return ERR_NOMEM;
		places->list = list;
		place = &list[places->count++];
		strcpy(place->path, path);
	}
	place->kind = kind;
	place->is_built_in = is_built_in;
	place->tree = -1;
	return ERR_OK;
}

/* There a session has its own files or none; a host needs neither. */
static bool
is_in_tmp(const char *path)
{
	return list_has(SHARED, path) || is_above("/tmp", path);
}

static enum err
put_list(struct places *places, const struct place_list *from, const char *home,
    struct error *why)
{
	char path[PATH_LEN + 1], full[2 * PATH_LEN + 1] = "";
	const char *list = from->list;

	while (list_next(&list, path)) {
		enum place_kind kind = from->kind;
		enum err rc;

		if (path[0] == '~' && home == NULL)
			continue;
		rc = expand(full, path, home, why);
		if (rc != ERR_OK)
			return rc;
		if (kind == PLACE_WRITABLE && list_has(SHARED, full))
			kind = PLACE_OWN;
		if (places->view == CONFINE_PATHS_HOST && is_in_tmp(full))
			continue;
		if (put(places, kind, from->is_built_in, full) != ERR_OK)
			return error_plain(why, ERR_NOMEM);
	}
	return ERR_OK;
}

/* What is below another place comes after it. */
static int
compare(const void *a, const void *b)
{
	const struct place *one = a, *other = b;

	return strcmp(one->path, other->path);
}

enum err
confine_paths_make(struct places *places, enum confine_paths_view view,
    const struct confine_policy *policy, const char *home, struct error *why)
{
	bool is_session = view == CONFINE_PATHS_SESSION;
	const struct place_list lists[] = {
	    {PLACE_HIDDEN, true, is_session ? HIDDEN : ""},
	    {PLACE_VISIBLE, true, is_session ? VISIBLE : ""},
	    {PLACE_WRITABLE, true, is_session ? "" : TERMINALS},
	    {PLACE_WRITABLE, true, RECORDS},
	    {PLACE_VISIBLE, false, policy->visible},
	    {PLACE_WRITABLE, false, policy->writable},
	    {PLACE_HIDDEN, false, policy->hidden},
	};

	*places = (struct places){.view = view};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		enum err rc = put_list(places, &lists[i], home, why);

		if (rc != ERR_OK)
			return rc;
	}
	qsort(places->list, places->count, sizeof(places->list[0]), compare);
	return ERR_OK;
}

const struct place *
confine_paths_above(const struct places *places, size_t index)
{
	const char *path = places->list[index].path;

	while (index-- > 0) {
		if (is_above(places->list[index].path, path))
			return &places->list[index];
	}
	return NULL;
}

void
confine_paths_free(struct places *places)
{
	for (size_t i = 0; i < places->count; i++) {
		if (places->list[i].tree >= 0)
			(void)close(places->list[i].tree);
	}
	free(places->list);
	*places = (struct places){0};
}
