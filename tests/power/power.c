/*
 * power [OPTION...] COMMAND...: what a power loss does to a store, at any
 * moment of a command that changes it.
 *
 * The command is recorded; then the tree is made what a disk may hold after
 * each prefix of the command's changes, and the store in it is checked (see
 * explore.h). The same is done for the command that finds this store and
 * recovers it; and, with -k, for a command that is killed and followed by
 * another.
 */
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "explore.h"
#include "recorder.h"

#define RECOVERY_IMAGES 12 /* of each recovery, at most */
#define KILL_IMAGES 12     /* after each kill */

struct run {
	struct recording recording;
	struct scene scene;
	struct exploration exploration;
	char *const *then;    /* what follows the command, if it was killed */
	char *const *recover; /* what comes after a power loss */
	uint64_t most_kills, most_recoveries; /* to be tried, about */
	uint64_t kills, recoveries;
	bool is_printed;
};

static _Noreturn void
usage(void)
{
	(void)fputs(
	    "usage: power -R root [option...] command... [// command...]\n"
	    "  -C file   the config\n"
	    "  -s name   the service to log in to\n"
	    "  -t file   tokens that there are\n"
	    "  -i file   what the command reads from standard input\n"
	    "  -b file   the backup that it writes\n"
	    "  -l file   the list of tokens that it writes\n"
	    "  -u        uses are noted\n"
	    "  -S count  of the states that the store goes through\n"
	    "  -v count  of losses for each prefix, at most\n"
	    "  -n count  of losses for each trace, at most\n"
	    "  -k count  of places where the command is killed\n"
	    "  -r count  of power losses during a recovery\n"
	    "  -g        what recovers is the command, begun again\n"
	    "  -p        print what was recorded\n"
	    "  -x        only run the command\n",
	    stderr);
	exit(2);
}

static uint64_t
number(const char *text)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 10);

	if (*text == '\0' || *end != '\0')
		usage();
	return value;
}

static void
read_tokens(struct scene *scene, const char *path)
{
	char line[TOKEN_LEN + 2];
	FILE *file = fopen(path, "re");

	if (file == NULL)
		err(2, "%s", path);
	while (fgets(line, sizeof(line), file) != NULL)
		scene_add_lines(scene, line, strlen(line));
	(void)fclose(file);
	scene->known = scene->token_count;
}

/* Checks that all changes to the tree were recorded. */
static void
compare(const struct run *run, const struct trace *trace)
{
	struct loss loss = {.prefix = trace->count, .variant = LOSS_NONE};
	struct image told, seen;
	const char *difference;

	loss_apply(&told, trace, &loss);
	image_read(&seen, NULL, run->recording.root);
	difference = image_difference(&told, &seen);
	if (difference != NULL) {
		trace_print(trace);
		errx(1, "%s: changed by a call that is not followed",
		    difference);
	}
	image_free(&told);
	image_free(&seen);
}

/*
 * Runs a command, which must succeed, and appends to the trace. Another turn
 * uses other random numbers, so that no id occurs twice.
 */
static void
record(const struct run *run, struct trace *trace, char *const *argv,
    uint64_t turn)
{
	struct recording recording = run->recording;

	recording.argv = argv;
	recording.seed += turn;
	if (recorder_run(trace, &recording) != 0)
		errx(1, "%s: failed: %s", run->exploration.name, argv[0]);
	compare(run, trace);
}

/* The tokens that it printed must be known to the checks. */
static void
learn_tokens(struct scene *scene, const struct trace *trace)
{
	scene->token_count = scene->known;
	for (size_t i = 0; i < trace->count && scene->listing == NULL; i++) {
		const struct op *op = &trace->ops[i];

		if (op->kind == OP_ACK && op->len > 0)
			scene_add_lines(
			    scene, (const char *)op->bytes, op->len);
	}
}

/* Recovers the store in the tree, and loses power meanwhile. */
static void
recover(struct exploration *outer, const char *state)
{
	struct run *run = outer->arg;
	struct exploration inner = *outer;
	struct trace trace;

	if (run->recoveries >= run->most_recoveries)
		return;
	trace_start(&trace, run->recording.root);
	record(run, &trace, run->recover, 1);
	/* Most have nothing to recover, and report that. */
	if (trace.ops[0].kind != OP_ACK) {
		run->recoveries++;
		inner.name = "recovering";
		inner.begins = state;
		inner.passed = NULL;
		inner.states = run->recover == run->recording.argv ? 0 : 1;
		inner.most = RECOVERY_IMAGES;
		explore(&inner, &trace, 0);
		outer->images = inner.images;
	}
	trace_free(&trace);
}

/* The whole command; returns the number of its changes. */
static size_t
explore_command(struct run *run)
{
	struct trace trace;
	size_t changes = 0;

	trace_start(&trace, run->recording.root);
	record(run, &trace, run->recording.argv, 0);
	if (run->is_printed)
		trace_print(&trace);
	learn_tokens(&run->scene, &trace);
	explore(&run->exploration, &trace, 0);
	image_write(&trace.base, run->recording.root);
	for (size_t i = 0; i < trace.count; i++)
		changes += trace.ops[i].kind != OP_ACK;
	trace_free(&trace);
	return changes;
}

/* The command is killed; power is lost during the one after it. */
static void
explore_killed(struct run *run, size_t kill_at)
{
	struct exploration exploration = run->exploration;
	struct recording recording = run->recording;
	struct trace trace;
	size_t killed;

	recording.kill_at = kill_at;
	exploration.name = "a command after one that was killed";
	exploration.states = 0;
	exploration.passed = NULL;
	exploration.most = KILL_IMAGES;
	trace_start(&trace, run->recording.root);
	if (recorder_run(&trace, &recording) != -1)
		errx(1, "%s: was not killed", run->exploration.name);
	killed = trace.count;
	record(run, &trace, run->then, 1);
	learn_tokens(&run->scene, &trace);
	explore(&exploration, &trace, killed);
	image_write(&trace.base, run->recording.root);
	trace_free(&trace);
	run->exploration.images = exploration.images;
	run->kills++;
}

static void
set_option(struct run *run, int option, const char *value)
{
	struct error why;

	switch (option) {
	case 'R':
		run->recording.root = run->exploration.root = value;
		break;
	case 'C':
		if (config_read(&run->scene.config, value, &why) != ERR_OK)
			errx(2, "%s", why.text);
		break;
	case 's':
		run->scene.service = value;
		break;
	case 't':
		read_tokens(&run->scene, value);
		break;
	case 'i':
		run->recording.input = value;
		break;
	case 'b':
		run->scene.backup = value;
		break;
	case 'l':
		run->scene.listing = value;
		break;
	case 'S':
		run->exploration.states = number(value);
		break;
	case 'v':
		run->exploration.variants = (uint32_t)number(value);
		break;
	case 'n':
		run->exploration.most = number(value);
		break;
	case 'k':
		run->most_kills = number(value);
		break;
	case 'r':
		run->most_recoveries = number(value);
		break;
	case 'u':
		run->scene.is_noted = true;
		break;
	case 'p':
		run->is_printed = true;
		break;
	default:
		usage();
	}
}

/* Cuts off the arguments of the second command. */
static char *const *
split(char **words)
{
	for (; *words != NULL; words++) {
		if (strcmp(*words, "//") != 0)
			continue;
		*words = NULL;
		return words + 1;
	}
	return NULL;
}

static void
explore_all(struct run *run)
{
	size_t changes;

	run->exploration.scene = &run->scene;
	run->exploration.arg = run;
	if (run->most_recoveries > 0)
		run->exploration.passed = recover;
	changes = explore_command(run);
	/* From the end: everything is done there, and not yet synced. */
	for (size_t i = changes; i-- > 1 && run->kills < run->most_kills;)
		explore_killed(run, i);
	printf("%llu images, %llu kills, %llu recoveries\n",
	    (unsigned long long)run->exploration.images,
	    (unsigned long long)run->kills,
	    (unsigned long long)run->recoveries);
}

int
main(int argc, char **argv)
{
	static char tokenadm[] = "tokenadm", by[] = "--config", verb[] = "list",
		    user[] = "--user", name[] = "root";
	static char *list[] = {tokenadm, by, NULL, verb, user, name, NULL};
	static struct run run;
	const char *seed = getenv("APITOKEN_SEED");
	bool only_run = false, again = false;
	int option;

	run.exploration.variants = 8;
	run.exploration.most = 100;
	run.scene.now = time(NULL);
	run.recording.seed = run.exploration.seed = seed == NULL ? 1
								 : number(seed);
	while ((option = getopt(argc, argv, "+R:C:s:t:i:b:l:S:v:n:k:r:gpux")) !=
	    -1) {
		if (option == 'C')
			list[2] = optarg;
		if (option == 'x')
			only_run = true;
		else if (option == 'g')
			again = true;
		else
			set_option(&run, option, optarg);
	}
	if (optind == argc || run.recording.root == NULL)
		usage();
	run.recording.argv = argv + optind;
	if (only_run)
		return recorder_run(NULL, &run.recording) != 0;
	if (list[2] == NULL || crypto_init(NULL) != ERR_OK)
		usage();
	run.recording.is_quiet = true;
	run.exploration.name = run.recording.argv[0];
	run.then = split(argv + optind);
	if (run.most_kills > 0 && run.then == NULL)
		usage();
	run.recover = again ? run.recording.argv : list;
	explore_all(&run);
	return 0;
}
