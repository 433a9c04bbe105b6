/*
 * What the programs of fleet_helper.h are told first, and how they are asked:
 * the files that an engine's settings name, requests and the ends of answers.
 * Deadlines are deadline_in's.
 */
#ifndef APITOKEN_FLEET_ASK_H
#define APITOKEN_FLEET_ASK_H

#include <stdbool.h>

#include "base/file_mark.h"
#include "fleet/fleet_helper.h"
#include "fleet/fleet_news.h"

/* Who we are, and who vouches for the server: files. */
enum fleet_told_file {
	FLEET_TOLD_CA,
	FLEET_TOLD_CERTIFICATE,
	FLEET_TOLD_KEY,      /* nobody else can read it, */
	FLEET_TOLD_PASSWORD, /* nor this; its first line is meant */
	FLEET_TOLD_FILES,
};

struct fleet_told {
	const char *paths[FLEET_TOLD_FILES];      /* not owned; NULL: none */
	struct file_mark marks[FLEET_TOLD_FILES]; /* when they were read */
};

/* Tells a setting. ERR_BUSY, ERR_SYSTEM: the helper has been ended. */
enum err fleet_tell(struct fleet_helper *helper, const char *name,
    const char *value, int64_t deadline, struct error *why);

/*
 * Reads the files and tells them. ERR_MISSING, ERR_UNSAFE, ERR_DENIED,
 * ERR_CONFIG, ERR_NOMEM, or as above.
 */
enum err fleet_tell_files(struct fleet_helper *helper, struct fleet_told *told,
    int64_t deadline, struct error *why);

/*
 * Whether the files are what was told: a certificate may last a day only, and a
 * password be drawn anew.
 */
bool fleet_told_is_true(const struct fleet_told *told);

/* Sends a request: the time that is left, and what follows it. */
enum err fleet_ask(struct fleet_helper *helper, enum fleet_frame_kind kind,
    const char *what, int64_t deadline, struct error *why);

/*
 * Called with a part of an answer, for as long as it is taken; ERR_INVALID: it
 * is not understood.
 */
typedef enum err fleet_part_taker(void *arg, struct fleet_frame *part);

/*
 * Receives an answer to its end, and returns what that says. A part that take,
 * which may be NULL, does not take ends the helper: ERR_SYSTEM, ERR_NOMEM.
 * Errors as fleet_helper_receive, which has ended it, too.
 */
enum err fleet_ask_parts(struct fleet_helper *helper, fleet_part_taker *take,
    void *arg, int64_t deadline, struct error *why);

/*
 * Has it wait: until it says that there is news, wake is readable, or the
 * deadline. What it tells of that is added to news. Errors as fleet_ask_parts.
 */
enum err fleet_ask_wait(struct fleet_helper *helper, struct fleet_news *news,
    int wake, int64_t deadline, struct error *why);

#endif
