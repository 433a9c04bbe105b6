/*
 * What this machine issues to a fleet: a store (store.h) of its own, in the
 * directory FLEET_ISSUED beside that of the local tokens, with their records as
 * anywhere. In the same database stand
 *
 *	published	each record as the other machines get it
 *	outbox		the head of all of them, and which one is acknowledged
 *	steps		from one head to the next, until they are acknowledged
 *
 * It is the truth: fleet.tdb and the engine follow it.
 */
#ifndef APITOKEN_FLEET_ISSUED_H
#define APITOKEN_FLEET_ISSUED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_engine.h"
#include "fleet/fleet_record.h"
#include "store/store.h"

#define FLEET_ISSUED "issued"

/* The config of that store: all else is as in config, which must outlive it. */
void fleet_issued_config(struct config *issued, const struct config *config);

/* The kinds of what stands there beside the tokens (store_values.h). */
#define FLEET_ISSUED_KINDS 3
extern const enum crypto_name fleet_issued_kinds[FLEET_ISSUED_KINDS];

/* A text of a head; "" for none. */
typedef char fleet_head_text[FLEET_HEAD_MAX + 1];

struct fleet_outbox {
	fleet_head_text head;         /* of what is published now */
	fleet_head_text acknowledged; /* the engine had this one last */
	/* Steps that are not acknowledged: from first, before next */
	uint64_t first, next;
};

/* A step as it was read; free it. */
struct fleet_step {
	struct fleet_engine_put put; /* all in it points into what is owned */
	fleet_head_text before, head;
	struct fleet_item *items;
	void *bytes;
};

/*
 * Errors of all that follows: as store_get's. What is damaged is ERR_DAMAGED.
 */

/* Reads the outbox; an empty one if there is none yet. */
enum err fleet_issued_get_outbox(
    struct store *store, struct fleet_outbox *outbox, struct error *why);
enum err fleet_issued_put_outbox(
    struct store *store, const struct fleet_outbox *outbox, struct error *why);

/* Reads what is published of an id. ERR_NOT_FOUND. */
enum err fleet_issued_get(struct store *store, const char id[TOKEN_ID_LEN + 1],
    struct fleet_record *record, struct error *why);

/* Sets it; without bytes it is removed. */
enum err fleet_issued_put(
    struct store *store, const struct fleet_item *item, struct error *why);

/*
 * Lists all that is published, with its head. Free it, even after an error.
 * ERR_NOT_FOUND: nothing ever was.
 */
enum err fleet_issued_list(
    struct store *store, struct fleet_engine_list *list, struct error *why);

/* Reads, adds and removes a step. ERR_NOT_FOUND. */
enum err fleet_issued_get_step(struct store *store, uint64_t number,
    struct fleet_step *step, struct error *why);
enum err fleet_issued_put_step(struct store *store, uint64_t number,
    const struct fleet_engine_put *put, struct error *why);
enum err fleet_issued_remove_step(
    struct store *store, uint64_t number, struct error *why);
void fleet_step_free(struct fleet_step *step);

#endif
