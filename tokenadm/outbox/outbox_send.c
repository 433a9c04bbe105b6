#include "outbox/outbox_send.h"

#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_issued.h"

#define TRIES 8 /* while other processes send, too */

struct sending {
	const struct config *config;
	struct config issued;
	const struct fleet_key *key;
	const struct engine *engine;
	int64_t deadline;
	struct fleet_outbox outbox;
	fleet_head_text there; /* the engine's head; "": none */
	bool is_lost;          /* the engine's head is not understood */
};

static enum err
read_outbox(struct sending *sending, struct error *why)
{
	struct store *store = NULL;
	enum err rc = store_open(&store, &sending->issued, STORE_READ,
	    store_deadline(sending->config), why);

	if (rc == ERR_OK)
		rc = fleet_issued_get_outbox(store, &sending->outbox, why);
	store_close(store);
	return rc;
}

static enum err
read_step(const struct sending *sending, uint64_t number,
    struct fleet_step *step, struct error *why)
{
	struct store *store = NULL;
	enum err rc = store_open(&store, &sending->issued, STORE_READ,
	    store_deadline(sending->config), why);

	*step = (struct fleet_step){0};
	if (rc == ERR_OK)
		rc = fleet_issued_get_step(store, number, step, why);
	step->put.issuer = sending->key->issuer;
	store_close(store);
	return rc;
}

/* The engine has this head: all steps before `next` are acknowledged. */
static enum err
note(struct store *store, uint64_t next, const char *head, struct error *why)
{
	struct fleet_outbox outbox;
	enum err rc = fleet_issued_get_outbox(store, &outbox, why);

	if (rc != ERR_OK || next < outbox.first ||
	    (next == outbox.first && strcmp(outbox.acknowledged, head) == 0))
		return rc;
	for (; rc == ERR_OK && outbox.first < next; outbox.first++)
		rc = fleet_issued_remove_step(store, outbox.first, why);
	strcpy(outbox.acknowledged, head);
	if (rc == ERR_OK)
		rc = fleet_issued_put_outbox(store, &outbox, why);
	return rc == ERR_OK ? store_commit(store, why) : rc;
}

static enum err
note_acknowledged(
    struct sending *sending, uint64_t next, const char *head, struct error *why)
{
	struct store *store = NULL;
	enum err rc = store_open(&store, &sending->issued, STORE_WRITE,
	    store_deadline(sending->config), why);

	if (rc == ERR_OK)
		rc = note(store, next, head, why);
	store_close(store);
	return rc;
}

static enum err
read_there(struct sending *sending, struct error *why)
{
	const struct engine *engine = sending->engine;
	const struct fleet_engine_head *own;
	struct fleet_engine_heads heads;
	enum err rc = engine->calls->read_heads(
	    engine->state, &heads, sending->deadline, why);

	sending->there[0] = '\0';
	own = rc == ERR_OK
	    ? fleet_engine_heads_find(&heads, sending->key->issuer)
	    : NULL;
	sending->is_lost = own != NULL && own->rc != ERR_OK;
	if (own != NULL)
		strcpy(sending->there, own->text);
	fleet_engine_heads_free(&heads);
	return rc;
}

/* Puts steps from this one on; notes those that were acknowledged. */
static enum err
put_from(struct sending *sending, uint64_t number, struct error *why)
{
	const struct engine *engine = sending->engine;
	fleet_head_text head;
	struct error cause;
	uint64_t first = number;
	enum err rc = ERR_OK, noted = ERR_OK;

	for (; rc == ERR_OK && number < sending->outbox.next; number++) {
		struct fleet_step step;

		rc = read_step(sending, number, &step, why);
		if (rc == ERR_OK)
			rc = engine->calls->put_if(
			    engine->state, &step.put, sending->deadline, why);
		if (rc == ERR_OK)
			strcpy(head, step.head);
		fleet_step_free(&step);
		if (rc != ERR_OK)
			break;
	}
	if (number > first)
		noted = note_acknowledged(
		    sending, number, head, rc == ERR_OK ? why : &cause);
	return rc == ERR_OK ? noted : rc;
}

/* Finds the step that begins with the head that is there. */
static enum err
find_step(struct sending *sending, uint64_t *number, bool *is_found,
    struct error *why)
{
	enum err rc = ERR_OK;

	*is_found = false;
	*number = sending->outbox.first;
	for (; *number < sending->outbox.next; (*number)++) {
		struct fleet_step step;

		rc = read_step(sending, *number, &step, why);
		*is_found = rc == ERR_OK &&
		    strcmp(step.before, sending->there) == 0;
		fleet_step_free(&step);
		if (rc != ERR_OK || *is_found)
			break;
	}
	return rc;
}

/*
 * Whether the engine's head is an earlier one than it had last. One that is
 * later, or has other records, was signed by whom nobody here knows: a store
 * that was put back has to be adopted before its next steps are counted alike.
 */
static bool
is_earlier(const struct fleet_head *there, const struct fleet_outbox *outbox)
{
	struct fleet_head last;
	size_t used;
	int order;

	if (fleet_head_read(&last, outbox->acknowledged,
		strlen(outbox->acknowledged), &used) != ERR_OK)
		return false;
	order = fleet_head_compare(there, &last);
	return order < 0 || (order == 0 && crypto_equal(there->set, last.set));
}

/* Whether the engine's head is one that this machine may replace. */
static enum err
check_ours(const struct sending *sending, struct error *why)
{
	const struct fleet_outbox *outbox = &sending->outbox;
	struct fleet_head there, ours;
	size_t used;

	if (sending->there[0] == '\0')
		return ERR_OK;
	if (fleet_head_read(&ours, outbox->head, strlen(outbox->head), &used) !=
		ERR_OK ||
	    fleet_head_read(&there, sending->there, strlen(sending->there),
		&used) != ERR_OK)
		return error_plain(why, ERR_INTERNAL);
	if (memcmp(there.key, sending->key->key, sizeof(there.key)) != 0)
		return error_set(why, ERR_REFUSED,
		    "issuer %s: another machine publishes under this name; one "
		    "of both needs another, or the key was replaced: tokenadm "
		    "fleet adopt",
		    sending->key->issuer);
	if (!is_earlier(&there, outbox) ||
	    (fleet_head_compare(&there, &ours) == 0 && there.time > ours.time))
		return error_set(why, ERR_REFUSED,
		    "issuer %s: the engine has newer records than this "
		    "machine, whose store is an old one: tokenadm fleet adopt",
		    sending->key->issuer);
	return ERR_OK;
}

/* The engine has lost what it had: it gets all anew. */
static enum err
rewrite(struct sending *sending, struct error *why)
{
	const struct engine *engine = sending->engine;
	struct fleet_engine_put put = {.issuer = sending->key->issuer};
	struct fleet_engine_list list = {0};
	struct fleet_outbox outbox;
	struct store *store = NULL;
	enum err rc = check_ours(sending, why);

	if (rc == ERR_OK)
		rc = store_open(&store, &sending->issued, STORE_SCAN,
		    store_deadline(sending->config), why);
	if (rc == ERR_OK)
		rc = fleet_issued_get_outbox(store, &outbox, why);
	if (rc == ERR_OK)
		rc = fleet_issued_list(store, &list, why);
	store_close(store);
	put.before = sending->there[0] != '\0' ? sending->there : NULL;
	put.head = outbox.head;
	put.items = list.list.items;
	put.count = list.list.count;
	if (rc == ERR_OK)
		rc = engine->calls->rewrite(
		    engine->state, &put, sending->deadline, why);
	if (rc == ERR_OK)
		rc = note_acknowledged(sending, outbox.next, outbox.head, why);
	fleet_engine_list_free(&list);
	return rc;
}

static enum err
send_known(struct sending *sending, struct error *why)
{
	const struct fleet_outbox *outbox = &sending->outbox;
	bool is_found = false;
	uint64_t number = outbox->first;
	enum err rc = ERR_OK;

	if (!sending->is_lost && strcmp(sending->there, outbox->head) == 0)
		return note_acknowledged(
		    sending, outbox->next, outbox->head, why);
	if (!sending->is_lost)
		rc = find_step(sending, &number, &is_found, why);
	if (rc != ERR_OK)
		return rc;
	return is_found ? put_from(sending, number, why)
			: rewrite(sending, why);
}

/*
 * The first time it is assumed that the engine has what it had last.
 * ERR_EXISTS: it has to be looked at.
 */
static enum err
send_first(struct sending *sending, struct error *why)
{
	const struct fleet_outbox *outbox = &sending->outbox;
	enum err rc = read_outbox(sending, why);

	if (rc != ERR_OK || outbox->head[0] == '\0')
		return rc;
	return outbox->first < outbox->next
	    ? put_from(sending, outbox->first, why)
	    : ERR_EXISTS;
}

/*
 * The engine's head is read before the outbox: whatever another process has put
 * there was in the outbox before.
 */
static enum err
send_again(struct sending *sending, struct error *why)
{
	enum err rc = read_there(sending, why);

	if (rc == ERR_OK)
		rc = read_outbox(sending, why);
	return rc == ERR_OK ? send_known(sending, why) : rc;
}

enum err
outbox_send(const struct config *config, const struct fleet_key *key,
    const struct engine *engine, int64_t deadline, struct error *why)
{
	struct sending *sending = calloc(1, sizeof(*sending));
	enum err rc = ERR_NOMEM;

	if (sending == NULL)
		return error_plain(why, rc);
	sending->config = config;
	sending->key = key;
	sending->engine = engine;
	sending->deadline = deadline;
	fleet_issued_config(&sending->issued, config);
	rc = send_first(sending, why);
	/*
	 * ERR_EXISTS: another process was faster; ERR_NOT_FOUND: so was its
	 * note that a step is acknowledged.
	 */
	for (unsigned i = 1;
	     (rc == ERR_EXISTS || rc == ERR_NOT_FOUND) && i < TRIES; i++)
		rc = send_again(sending, why);
	free(sending);
	return rc;
}
