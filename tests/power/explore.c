#include "explore.h"

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT_SIZE (4 * 1024 * 1024)
#define LARGEST_FILE (64 * 1024 * 1024)
#define PATIENCE 60 /* s; anything slower hangs */

/* The states of a store, in the order in which it had them. */
struct states {
	char **texts;
	size_t count;
	size_t *after; /* for each prefix, the state that a kill leaves */
	size_t *least; /* and the last acknowledged one */
};

/* Where a child leaves its answer. */
static char *
shared_text(void)
{
	static char *text;

	if (text != NULL)
		return text;
	text = mmap(NULL, TEXT_SIZE, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (text == MAP_FAILED)
		err(2, "mmap");
	return text;
}

static int
ask(const struct scene *scene, char *text)
{
	FILE *out = fmemopen(text, TEXT_SIZE, "w");
	struct rlimit limit = {LARGEST_FILE, LARGEST_FILE};
	bool good;

	if (out == NULL)
		return 2;
	(void)alarm(PATIENCE);
	/* A file that grows without end counts as damage. */
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)setrlimit(RLIMIT_FSIZE, &limit);
	good = state_describe(scene, out);
	return fclose(out) == 0 && good ? 0 : 1;
}

/* Asks in a separate process, since what is tested may crash. */
static char *
ask_child(struct exploration *this)
{
	char *text = shared_text(), *copy;
	int status = 0;
	pid_t pid;

	text[0] = '\0';
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0)
		_exit(ask(this->scene, text));
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	copy = strdup(text);
	if (pid < 0 || copy == NULL)
		err(2, "fork");
	this->images++;
	if (status == 0)
		return copy;
	free(copy);
	return NULL;
}

static void
print_text(const char *title, const char *text)
{
	printf("# %s:\n", title);
	for (const char *end; *text != '\0'; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		printf("#   %.*s\n", (int)(end - text), text);
	}
}

static _Noreturn void
give_up(const struct exploration *this, const struct trace *trace,
    const struct loss *loss, const struct states *states, const char *got)
{
	size_t last;

	trace_print(trace);
	printf("# %s: power lost after %zu of %zu, variant %u; seed %llu\n",
	    this->name, loss->prefix, trace->count, loss->variant,
	    (unsigned long long)this->seed);
	if (got == NULL)
		print_text("trouble", shared_text());
	else
		print_text("the store then", got);
	/* Nothing to compare with until all states are known. */
	if (states->texts == NULL || got == NULL)
		exit(1);
	last = states->after[loss->prefix];
	for (size_t i = states->least[loss->prefix]; i <= last; i++)
		print_text("it may be", states->texts[i]);
	exit(1);
}

static char *
try_loss(struct exploration *this, const struct trace *trace,
    const struct loss *loss)
{
	struct image image;

	loss_apply(&image, trace, loss);
	image_write(&image, this->root);
	image_free(&image);
	return ask_child(this);
}

/* Whether a kill after this op leaves the state of an earlier one. */
static bool
changes_nothing(const struct op *op)
{
	return op->kind == OP_SYNC || op->kind == OP_ACK;
}

/*
 * A successful exit, or a token that was printed; other output promises
 * nothing.
 */
static bool
acknowledges(const struct op *op)
{
	return op->kind == OP_ACK &&
	    (op->len == 0 ||
		(op->len >= TOKEN_LEN && memcmp(op->bytes, "atk_", 4) == 0));
}

static void
add_state(struct states *states, char *text)
{
	if (states->count > 0 &&
	    strcmp(states->texts[states->count - 1], text) == 0) {
		free(text);
		return;
	}
	states->texts = reallocarray(
	    states->texts, states->count + 1, sizeof(*states->texts));
	if (states->texts == NULL)
		err(2, "memory");
	states->texts[states->count++] = text;
}

static void
find_states(
    struct exploration *this, const struct trace *trace, struct states *states)
{
	size_t acknowledged = 0;

	*states = (struct states){0};
	states->after = calloc(trace->count + 1, sizeof(size_t));
	states->least = calloc(trace->count + 1, sizeof(size_t));
	if (states->after == NULL || states->least == NULL)
		err(2, "memory");
	for (size_t i = 0; i <= trace->count; i++) {
		struct loss loss = {i, LOSS_NONE, this->seed};

		if (i == 0 || !changes_nothing(&trace->ops[i - 1])) {
			char *text = try_loss(this, trace, &loss);

			if (text == NULL)
				give_up(this, trace, &loss, states, NULL);
			add_state(states, text);
		}
		states->after[i] = states->count - 1;
		if (i > 0 && acknowledges(&trace->ops[i - 1]))
			acknowledged = states->after[i];
		states->least[i] = acknowledged;
	}
}

static void
free_states(struct states *states)
{
	for (size_t i = 0; i < states->count; i++)
		free(states->texts[i]);
	free(states->texts);
	free(states->after);
	free(states->least);
}

static bool
is_allowed(const struct states *states, size_t prefix, const char *text)
{
	for (size_t i = states->least[prefix]; i <= states->after[prefix]; i++)
		if (strcmp(states->texts[i], text) == 0)
			return true;
	return false;
}

static void
try_one(struct exploration *this, const struct trace *trace,
    const struct states *states, const struct loss *loss)
{
	char *text = try_loss(this, trace, loss);

	if (text == NULL || !is_allowed(states, loss->prefix, text))
		give_up(this, trace, loss, states, text);
	if (this->passed != NULL) {
		struct image image;

		loss_apply(&image, trace, loss);
		image_write(&image, this->root);
		image_free(&image);
		this->passed(this, text);
	}
	free(text);
}

/* Whether to try this one of the images that are possible. */
static bool
is_chosen(const struct exploration *this, const struct loss *loss, uint64_t all)
{
	uint64_t mixed = this->seed ^ (uint64_t)loss->prefix << 20 ^
	    loss->variant ^ UINT64_C(0x5bd1e995);

	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (mixed ^ (mixed >> 31)) % all < this->most;
}

void
explore(struct exploration *this, const struct trace *trace, size_t from)
{
	struct states states;
	uint64_t all = 0;

	find_states(this, trace, &states);
	if ((this->begins != NULL &&
		strcmp(this->begins, states.texts[0]) != 0) ||
	    (this->states != 0 && states.count != this->states)) {
		printf("# %s: %zu states\n", this->name, states.count);
		for (size_t i = 0; i < states.count; i++)
			print_text("a state", states.texts[i]);
		exit(1);
	}
	for (size_t i = from; i <= trace->count; i++)
		all += loss_variants(trace, i, this->variants);
	for (size_t i = from; i <= trace->count; i++) {
		struct loss loss = {i, 0, this->seed};
		uint32_t count = loss_variants(trace, i, this->variants);

		for (; loss.variant < count; loss.variant++) {
			/*
			 * What the successful exit has promised is always
			 * checked.
			 */
			bool is_end = i == trace->count &&
			    loss.variant == LOSS_ALL;

			if (loss.variant != LOSS_NONE &&
			    (is_end || is_chosen(this, &loss, all)))
				try_one(this, trace, &states, &loss);
		}
	}
	free_states(&states);
}
