/*
 * Every path of some events (DEPTH) over a token and its successor: the core,
 * on a real store, does what an independent model says. Paths that lead to the
 * same state are continued as one, and counted one by one.
 */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"
#include "life_model.h"
#include "life_promises.h"
#include "life_store.h"

/*
 * Six events take a minute and a half of processor time, which is enough in one
 * build (Makemodule.am), and a quarter of an hour with AddressSanitizer.
 */
#ifdef __SANITIZE_ADDRESS__
#define DEPTH 4
#elif !defined(DEPTH)
#define DEPTH 5
#endif
#define SHOWN 12 /* failures; then it stops */

static const char *const EVENT_NAMES[EVENTS] = {
    [ROTATE] = "rotate",
    [ROTATE_AT_ONCE] = "rotate-at-once",
    [UNDO] = "undo",
    [DISABLE] = "disable",
    [ENABLE] = "enable",
    [UNUSED] = "unused",
    [APPROVE_USER] = "approve-user",
    [PRUNE] = "prune",
    [WAIT] = "wait",
    [WAIT_LONG] = "wait-long",
    [REBOOT] = "reboot",
    [EMPTY] = "empty-run",
    [KILL] = "kill",
    [LOGIN_OLD] = "login-old",
    [LOGIN_NEW] = "login-new",
    [LOGOUT_OLD] = "logout-old",
    [LOGOUT_NEW] = "logout-new",
    [APPROVE_OLD] = "approve-old",
    [APPROVE_NEW] = "approve-new",
    [REVOKE_OLD] = "revoke-old",
    [REVOKE_NEW] = "revoke-new",
    [DELETE_OLD] = "delete-old",
    [DELETE_NEW] = "delete-new",
    [EDIT_OLD] = "edit-old",
    [EDIT_NEW] = "edit-new",
};

struct node {
	struct model model;
	struct promises promises;
	uint64_t paths; /* paths that lead here */
	uint8_t path[DEPTH];
	uint8_t *packed; /* the packed store */
	uint8_t *key;    /* the state as far as it matters */
	size_t key_len;
};

/* The nodes of one depth. */
struct level {
	struct node **nodes;
	size_t count, room;
	void *tree;
};

static unsigned failures;
static uint64_t paths, cases;

static void
print_failure(
    const struct node *node, unsigned depth, enum event event, const char *what)
{
	if (failures++ >= SHOWN)
		return;
	print_error("#");
	for (unsigned i = 0; i < depth; i++)
		print_error(" %s", EVENT_NAMES[node->path[i]]);
	print_error(" %s: %s\n", EVENT_NAMES[event], what);
}

/* The difference between the two views of a token, or NULL. */
static const char *
compare_token(
    const struct model *model, enum which which, const struct life_seen *seen)
{
	static const enum record_state STATES[] = {
	    RECORD_ACTIVE, RECORD_REVOKED, RECORD_DEACTIVATED};
	const struct model_token *wanted = &model->tokens[which];
	const struct record *record = &seen->record;

	if (seen->is_there != wanted->is_there)
		return "is there, or is not";
	if (seen->accepted != model_accepts(model, which))
		return seen->accepted ? "is ACCEPTED" : "is refused";
	if (!wanted->is_there)
		return NULL;
	if (record->state != STATES[wanted->state])
		return record_state_name(record->state);
	if (record->is_replaced != wanted->replaced)
		return record->is_replaced ? "is replaced" : "is not replaced";
	if (record->expires != wanted->until)
		return record->expires > wanted->until ? "expires LATER"
						       : "expires sooner";
	if (which == NEW && (record->predecessor[0] != '\0') != model->waits)
		return "replaces, or does not";
	return NULL;
}

/* Each relevant member, as text. */
static size_t
describe(const struct node *node, char *text)
{
	const struct model *model = &node->model;
	const struct model_undo *undo = &model->undo;
	const struct model_token *all[] = {&model->tokens[OLD],
	    &model->tokens[NEW], &undo->first, &undo->second};
	char *at = text;

	at += sprintf(
	    at, "%d %d %d", model->account, model->waits, undo->is_possible);
	if (undo->is_possible)
		at += sprintf(at, " %d %d %d", undo->first_edited,
		    undo->second_edited, undo->second_spared);
	for (size_t i = 0; i < (undo->is_possible ? 4 : 2); i++)
		at += sprintf(at, " %d%d%d%d%d%d,%jd,%jd,%jd", all[i]->is_there,
		    (int)all[i]->state, all[i]->replaced, all[i]->has_begun,
		    (int)all[i]->session, all[i]->other_boot,
		    (intmax_t)all[i]->from, (intmax_t)all[i]->until,
		    (intmax_t)all[i]->meant);
	at += promises_describe(&node->promises, undo->is_possible, at);
	return (size_t)(at - text);
}

static int
compare_nodes(const void *a, const void *b)
{
	const struct node *one = a, *other = b;

	if (one->key_len != other->key_len)
		return one->key_len < other->key_len ? -1 : 1;
	return memcmp(one->key, other->key, one->key_len);
}

static void *
copy(const uint8_t *bytes, size_t len)
{
	void *made = malloc(len);

	assert_non_null(made);
	return memcpy(made, bytes, len);
}

static void
free_node(struct node *node)
{
	free(node->key);
	free(node->packed);
	free(node);
}

/* A new node for the current state. */
static struct node *
make_node(const struct node *like)
{
	static uint8_t bytes[LIFE_PACKED_MAX + 1024];
	struct node *node = copy((const uint8_t *)like, sizeof(*like));
	size_t len;

	len = life_store_pack(bytes);
	node->packed = copy(bytes, len);
	node->key_len = life_store_sketch(bytes);
	node->key_len += describe(node, (char *)bytes + node->key_len);
	node->key = copy(bytes, node->key_len);
	return node;
}

/* Adds the current state, or its paths to the node that has that state. */
static void
add_node(struct level *level, const struct node *like)
{
	struct node *node = make_node(like), **found;

	found = tsearch(node, &level->tree, compare_nodes);
	assert_non_null(found);
	if (*found != node) {
		(*found)->paths += node->paths;
		free_node(node);
		return;
	}
	if (level->count == level->room) {
		level->room = 2 * level->room + 64;
		level->nodes = reallocarray(
		    level->nodes, level->room, sizeof(struct node *));
		assert_non_null(level->nodes);
	}
	level->nodes[level->count++] = node;
}

static void
leave_node(void *node)
{
	(void)node;
}

static void
free_level(struct level *level)
{
	tdestroy(level->tree, leave_node);
	for (size_t i = 0; i < level->count; i++)
		free_node(level->nodes[i]);
	free(level->nodes);
	*level = (struct level){.count = 0};
}

/* One event in one state. */
static void
try(const struct node *node, unsigned depth, enum event event,
    struct level *next)
{
	struct node after = *node;
	struct life_seen seen[BOTH];
	const char *what = NULL;
	bool done, wanted;

	wanted = model_do(&after.model, event);
	done = life_store_do(event);
	if (done && (event == ROTATE || event == ROTATE_AT_ONCE))
		promises_rotate(&after.promises);
	cases++;
	paths += node->paths;
	if (done != wanted)
		what = wanted ? why.text : "was not refused";
	life_store_see(seen);
	for (int i = OLD; what == NULL && i < BOTH; i++)
		what = promises_keep(&after.promises, &node->model,
		    &after.model, event, (enum which)i, &seen[i]);
	for (int i = OLD; what == NULL && i < BOTH; i++)
		what = compare_token(&after.model, (enum which)i, &seen[i]);
	if (what != NULL) {
		print_failure(node, depth, event, what);
		return;
	}
	after.path[depth] = (uint8_t)event;
	if (depth + 1 < DEPTH)
		add_node(next, &after);
}

/* Editing an expiry is the same for tokens of all kinds. */
static bool
is_due(const struct model *model, enum event event)
{
	bool is_edit = event == EDIT_OLD || event == EDIT_NEW;

	return model_can(model, event) && (model->kind == LASTING || !is_edit);
}

static void
try_all(const struct node *node, unsigned depth, struct level *next)
{
	life_store_unpack(node->packed);
	life_store_mark();
	for (unsigned event = 0; event < EVENTS; event++) {
		if (!is_due(&node->model, (enum event)event))
			continue;
		try(node, depth, (enum event)event, next);
		life_store_return();
	}
}

static void
explore(const struct scratch *scratch, enum kind kind)
{
	struct node start = {.paths = 1};
	struct life_seen seen[BOTH];
	struct level level = {.count = 0}, next = {.count = 0};

	failures = 0;
	paths = cases = 0;
	model_start(&start.model, kind, NOW);
	life_store_start(scratch, kind, NOW);
	life_store_see(seen);
	promises_start(&start.promises, &seen[OLD].record);
	add_node(&level, &start);
	for (unsigned depth = 0; depth < DEPTH; depth++) {
		for (size_t i = 0; i < level.count && failures < SHOWN; i++)
			try_all(level.nodes[i], depth, &next);
		free_level(&level);
		level = next;
		next = (struct level){.count = 0};
	}
	free_level(&level);
	print_message("# %ju paths, by %ju events in different states\n",
	    (uintmax_t)paths, (uintmax_t)cases);
	assert_int_equal(failures, 0);
}

static void
test_paths_of_lasting_tokens(void **state)
{
	explore(*state, LASTING);
}

static void
test_paths_of_tokens_for_one_login(void **state)
{
	explore(*state, ONE_LOGIN);
}

static void
test_paths_of_tokens_until_logout(void **state)
{
	explore(*state, UNTIL_LOGOUT);
}

#define LIFE_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    LIFE_TEST(test_paths_of_lasting_tokens),
	    LIFE_TEST(test_paths_of_tokens_for_one_login),
	    LIFE_TEST(test_paths_of_tokens_until_logout),
	};

	/* Nothing here has to survive a power loss. */
	if (getenv("TMPDIR") == NULL)
		(void)setenv("TMPDIR", "/dev/shm", 1);
	return unit_run(tests);
}
