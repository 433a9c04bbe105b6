/*
 * Where the machines of a fleet meet: an engine keeps, for each issuer, the
 * head and the records that were put there last. It may withhold and delay; all
 * that it says is judged by fleet_verify, and nothing of it is believed before.
 *
 * An engine is a struct of functions. What needs a library of its own is a
 * program of its own, as that of `etcd`: see fleet_etcd.h.
 */
#ifndef APITOKEN_FLEET_ENGINE_H
#define APITOKEN_FLEET_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_head.h"
#include "fleet/fleet_snapshot.h"

struct fleet_news;

/* The head of an issuer, as it stands in the engine. */
struct fleet_engine_head {
	char issuer[PARSE_HOST_MAX + 1]; /* under which it stands there */
	/*
	 * ERR_OK, or why it was not read; head and text are empty then. One
	 * that is not understood keeps none of the others from being read.
	 */
	enum err rc;
	struct error why;
	struct fleet_head head; /* its signature is right: fleet_head_read */
	char text[FLEET_HEAD_MAX + 1];
};

struct fleet_engine_heads {
	struct fleet_engine_head *each; /* in no order */
	size_t count;
};

/* All of an issuer at one moment of the engine. */
struct fleet_engine_list {
	struct fleet_list list; /* as fleet_snapshot_read gives it */
	void *bytes;            /* what the items' bytes lie in */
};

/* A step of an issuer: from one head to the next. */
struct fleet_engine_put {
	const char *issuer;
	/*
	 * The text of the head that has to be there now; NULL: none has. It is
	 * compared byte by byte.
	 */
	const char *before;
	const char *head; /* the text that takes its place */
	/*
	 * The records that change, in order of their ids. Of one that goes,
	 * bytes is NULL and len 0.
	 */
	const struct fleet_item *items;
	size_t count; /* up to the engine's most, but for rewrite */
};

/*
 * One fact about the engine, a name and a text. Any return but ERR_OK ends the
 * survey.
 */
typedef enum err fleet_engine_taker(
    void *arg, const char *name, const char *text);

/*
 * Deadlines are deadline_in's: nanoseconds of the monotonic clock. A function
 * returns at the deadline at the latest, with ERR_BUSY or ERR_SYSTEM. The text
 * of an error is one line, names file or endpoint, and says what to do.
 */
struct fleet_engine {
	const char *name; /* as in [fleet] engine */
	bool has_news;    /* a wait is told what has changed */
	size_t most;      /* records in one put */

	/*
	 * Gets ready; need not reach anything yet. *state is the engine's own,
	 * to be closed even after an error; close takes NULL.
	 */
	enum err (*open)(void **state, const struct config *config,
	    int64_t deadline, struct error *why);
	void (*close)(void *state);

	/*
	 * Reads the heads of all issuers: what is there at a moment not before
	 * the call (linearizable: freshness rests on it). Free them with
	 * fleet_engine_heads_free, even after an error.
	 */
	enum err (*read_heads)(void *state, struct fleet_engine_heads *heads,
	    int64_t deadline, struct error *why);

	/*
	 * Lists the head and all records of an issuer, at one moment. Free it
	 * with fleet_engine_list_free, even after an error. ERR_NOT_FOUND: the
	 * engine has nothing of it. Errors as fleet_snapshot_read.
	 */
	enum err (*list)(void *state, const char *issuer,
	    struct fleet_engine_list *list, int64_t deadline,
	    struct error *why);

	/*
	 * Puts a step: all of it, if the head is as put->before says, or
	 * nothing. ERR_OK: it is acknowledged, and will not be lost; also if
	 * put->head is there already, so that the same can be sent again.
	 * ERR_EXISTS: another head is there, nothing was put. Any other error:
	 * *unknown*, it may have been put or may yet be.
	 */
	enum err (*put_if)(void *state, const struct fleet_engine_put *put,
	    int64_t deadline, struct error *why);

	/*
	 * Makes the engine's records of the issuer exactly put->items, of any
	 * number, and then its head put->head: for an engine that has lost what
	 * was put. It need not be one transaction: meanwhile the head may be
	 * missing, or not be that of the records. A head that nobody can read
	 * counts as none. Errors as put_if.
	 */
	enum err (*rewrite)(void *state, const struct fleet_engine_put *put,
	    int64_t deadline, struct error *why);

	/*
	 * Waits until something may have changed, wake is readable (it is not
	 * read), or the deadline. What it was told then is added to news: of
	 * some issuers, or of none. Only for speed: the caller reads the heads
	 * from time to time. Returns ERR_OK at the deadline, too.
	 */
	enum err (*wait)(void *state, struct fleet_news *news, int wake,
	    int64_t deadline, struct error *why);

	/*
	 * Milliseconds from one look at the heads to the next; NULL: as the
	 * agent likes.
	 */
	int64_t (*pause)(const struct config *config);

	/*
	 * Looks at the engine itself, for doctor, and calls take with what it
	 * finds; texts are printable. NULL: there is nothing to look at.
	 *
	 * Of our own certificate: certificate-ends (seconds since the epoch),
	 * certificate-name (its CN, if it has one). Then, of each member,
	 * endpoint (its URL, first), and what applies of: error (why it does
	 * not answer), version, skew (milliseconds that its clock is surely
	 * before ours), trouble (what it says is wrong, any number), open (it
	 * answers who has no certificate), without-log-in (it shows keys to
	 * who has not logged in), others (a key that is not the fleet's).
	 */
	enum err (*survey)(void *state, fleet_engine_taker *take, void *arg,
	    int64_t deadline, struct error *why);
};

void fleet_engine_heads_free(struct fleet_engine_heads *heads);
void fleet_engine_list_free(struct fleet_engine_list *list);

/* The head of an issuer; NULL: there is none. */
const struct fleet_engine_head *fleet_engine_heads_find(
    const struct fleet_engine_heads *heads, const char *issuer);

/*
 * Adds an element for an issuer to heads; it is valid until the next is added.
 * NULL: no memory.
 */
struct fleet_engine_head *fleet_engine_heads_add(
    struct fleet_engine_heads *heads, const char *issuer);

/*
 * Sets what a head's text says, or why it says nothing: rc, why, head, text.
 * One that names another issuer is ERR_INVALID.
 */
void fleet_engine_head_set(
    struct fleet_engine_head *head, const char *text, size_t len);

#endif
