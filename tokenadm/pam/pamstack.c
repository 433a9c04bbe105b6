#include "pam/pamstack_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pam/pam_version.h"
#include "pam/pamline_text.h"

#define FILES_MAX 256 /* files that include each other multiply */
#define PATH_SIZE 512

const struct pamstack_places pamstack_system = {
    {"/etc/pam.d", "/usr/lib/pam.d"}};

struct reading {
	struct pamstack *stack;
	const struct pamstack_places *places;
	unsigned files; /* read so far */
	bool of_other;
};

/* A file, and the type wanted from it. */
struct part {
	const char *file;
	enum pamline_type wanted; /* PAMLINE_ANY: all of it */
	unsigned depth, level;
	const struct pamstack_via *via;
};

static enum err
add_entry(struct reading *reading, const struct part *part,
    const struct pamline *line, size_t number)
{
	struct pamstack *stack = reading->stack;
	struct pamstack_entry *entries;

	if (stack->count == PAMSTACK_LINES) {
		stack->is_refused = true;
		return ERR_OK;
	}
	entries = reallocarray(
	    stack->entries, stack->count + 1, sizeof(*entries));
	if (entries == NULL)
		return ERR_NOMEM;
	stack->entries = entries;
	entries[stack->count++] = (struct pamstack_entry){
	    .line = *line,
	    .level = part->level,
	    .of_other = reading->of_other,
	    .of_service = !reading->of_other && part->depth == 0,
	    .file = part->file,
	    .number = number,
	    .via = part->via,
	};
	return ERR_OK;
}

bool
pamstack_find(const struct pamstack_places *places, const char *name,
    char *path, size_t size)
{
	if (name[0] == '/') {
		(void)snprintf(path, size, "%s", name);
		return access(path, F_OK) == 0;
	}
	for (size_t i = 0; i < PAMSTACK_PLACES; i++) {
		const char *place = places->directories[i];
		int len;

		if (place == NULL)
			break;
		len = snprintf(path, size, "%s/%s", place, name);
		if (len > 0 && (size_t)len < size && access(path, F_OK) == 0)
			return true;
	}
	(void)snprintf(path, size, "%s/%s", places->directories[0], name);
	return false;
}

static enum err read_part(
    struct reading *reading, const struct part *part, bool *is_read);

static const struct pamstack_via *
make_via(struct pamstack *stack, const struct part *part, size_t number)
{
	struct pamstack_via **vias = reallocarray(
	    stack->vias, stack->via_count + 1, sizeof(struct pamstack_via *));
	struct pamstack_via *via;

	if (vias == NULL)
		return NULL;
	stack->vias = vias;
	via = malloc(sizeof(*via));
	if (via == NULL)
		return NULL;
	*via = (struct pamstack_via){
	    part->file, number, part->level, part->via};
	stack->vias[stack->via_count++] = via;
	return via;
}

/* A missing file refuses; with @include, it makes the whole service refuse. */
static enum err
include(struct reading *reading, const struct part *part, struct pamline *line,
    size_t number)
{
	struct pamstack *stack = reading->stack;
	char path[PATH_SIZE];
	struct part inner = *part;
	bool is_read = false;
	enum err rc = ERR_OK;

	if (line->type != PAMLINE_ANY)
		inner.wanted = line->type;
	inner.depth++;
	inner.level += line->kind == PAMLINE_SUBSTACK;
	if (line->kind == PAMLINE_SUBSTACK)
		rc = add_entry(reading, part, line, number);
	if (rc == ERR_OK && inner.depth >= PAMSTACK_DEPTH)
		rc = pamstack_add_problem(stack, part->file, number,
		    "files include each other without end");
	else if (rc == ERR_OK && reading->files >= FILES_MAX)
		rc = pamstack_add_problem(stack, part->file, number,
		    "more than %d files are included", FILES_MAX);
	else if (rc == ERR_OK &&
	    !pamstack_find(reading->places, line->path, path, sizeof(path)))
		rc = pamstack_add_problem(stack, part->file, number,
		    "includes %s, which is missing", path);
	else if (rc == ERR_OK) {
		inner.file = pool_intern(&stack->texts, path);
		inner.via = make_via(stack, part, number);
		rc = inner.file != NULL && inner.via != NULL
		    ? read_part(reading, &inner, &is_read)
		    : ERR_NOMEM;
	}
	if (rc != ERR_OK || is_read)
		return rc;
	if (inner.wanted == PAMLINE_ANY) {
		stack->is_refused = true;
		return ERR_OK;
	}
	line->kind = PAMLINE_BROKEN;
	line->type = inner.wanted;
	for (int i = 0; i < PAMLINE_RESULTS; i++)
		line->actions[i] = PAMLINE_DO_BAD;
	return add_entry(reading, part, line, number);
}

static enum err
take_line(
    struct reading *reading, const struct part *part, char *text, size_t number)
{
	struct pamline line;
	enum err rc = ERR_OK;

	pamline_parse(&line, text);
	if (!line.has_type && part->wanted != PAMLINE_ANY)
		line.type = part->wanted;
	if (part->wanted != PAMLINE_ANY && line.type != part->wanted)
		return ERR_OK;
	if (line.broken != NULL)
		rc = pamstack_add_problem(reading->stack, part->file, number,
		    "PAM cannot read this line (%s), and it refuses",
		    line.broken);
	if (rc != ERR_OK)
		return rc;
	if (line.kind == PAMLINE_INCLUDE || line.kind == PAMLINE_SUBSTACK)
		return include(reading, part, &line, number);
	return add_entry(reading, part, &line, number);
}

static enum err
take_lines(struct reading *reading, const struct part *part,
    struct pamline_text *lines, char *buffer, size_t size, bool *is_read)
{
	struct pamstack *stack = reading->stack;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && pamline_text_next(lines, buffer, size)) {
		size_t len = strlen(buffer) + 1;

		if (lines->long_at != 0)
			rc = pamstack_add_problem(stack, part->file,
			    lines->long_at,
			    "longer than %d bytes: Linux-PAM 1.5 takes the "
			    "rest for a line of its own",
			    PAMLINE_TEXT_MAX);
		if (rc == ERR_OK && lines->is_cut) {
			*is_read = false;
			return pamstack_add_problem(stack, part->file,
			    lines->begun,
			    "the file ends in a continued line, which PAM "
			    "ignores");
		}
		if (rc == ERR_OK && buffer[0] != '\0')
			rc = take_line(reading, part, buffer, lines->begun);
		buffer += len;
		size -= len;
	}
	return rc;
}

static enum err
read_part(struct reading *reading, const struct part *part, bool *is_read)
{
	struct pamstack *stack = reading->stack;
	struct pamline_text lines = {.is_1_5 = pam_is_1_5()};
	char *text = NULL, *buffer;
	ssize_t len;
	enum err rc = pamstack_read_file(stack, part->file, &text, &len);

	reading->files++;
	*is_read = rc == ERR_OK && len >= 0;
	if (!*is_read || len == 0)
		return rc;
	lines.at = text;
	lines.end = text + len;
	/* Each line takes at most its own length and a NUL. */
	buffer = pool_room(&stack->texts, 2 * (size_t)len + 2);
	if (buffer == NULL)
		return ERR_NOMEM;
	rc = pamstack_judge_bytes(stack, part->file, text, (size_t)len);
	if (rc == ERR_OK)
		rc = take_lines(reading, part, &lines, buffer,
		    2 * (size_t)len + 2, is_read);
	return rc;
}

static bool
has_type(const struct pamstack *stack, enum pamline_type type)
{
	for (size_t i = 0; i < stack->count; i++) {
		const struct pamstack_entry *entry = &stack->entries[i];

		if (entry->line.type == type && !entry->of_other)
			return true;
	}
	return false;
}

/* Drops /etc/pam.d/other's lines of the types that the service has. */
static void
drop_what_is_own(struct pamstack *stack)
{
	bool own[PAMLINE_TYPES];
	size_t kept = 0;

	for (unsigned i = 0; i < PAMLINE_TYPES; i++)
		own[i] = has_type(stack, (enum pamline_type)i);
	for (size_t i = 0; i < stack->count; i++) {
		const struct pamstack_entry entry = stack->entries[i];

		if (!entry.of_other || !own[entry.line.type])
			stack->entries[kept++] = entry;
	}
	stack->count = kept;
}

static enum err
read_root(struct reading *reading, const char *name, bool *is_read)
{
	char path[PATH_SIZE];
	struct part part = {.wanted = PAMLINE_ANY};
	enum err rc;

	*is_read = false;
	if (!pamstack_find(reading->places, name, path, sizeof(path)))
		return ERR_OK;
	part.file = pool_intern(&reading->stack->texts, path);
	if (part.file == NULL)
		return ERR_NOMEM;
	if (reading->stack->file == NULL)
		reading->stack->file = part.file;
	rc = read_part(reading, &part, is_read);
	if (!*is_read)
		reading->stack->is_refused = true;
	return rc;
}

enum err
pamstack_read(struct pamstack *stack, const char *service,
    const struct pamstack_places *places, struct error *why)
{
	struct reading reading = {
	    .stack = stack,
	    .places = places != NULL ? places : &pamstack_system,
	};
	bool has_other = false;
	enum err rc;

	*stack = (struct pamstack){0};
	rc = read_root(&reading, service, &stack->has_file);
	/* Its own lines are not counted a second time. */
	if (rc == ERR_OK && strcmp(service, PAMSTACK_DEFAULT) != 0) {
		reading.of_other = true;
		rc = read_root(&reading, PAMSTACK_DEFAULT, &has_other);
	}
	if (!stack->has_file && !has_other)
		stack->is_refused = true;
	drop_what_is_own(stack);
	return rc == ERR_OK ? rc : error_plain(why, rc);
}

void
pamstack_free(struct pamstack *stack)
{
	pool_free(&stack->texts);
	for (size_t i = 0; i < stack->via_count; i++)
		free(stack->vias[i]);
	free(stack->vias);
	free(stack->entries);
	free(stack->problems);
	*stack = (struct pamstack){0};
}

const char *
pamstack_module(const struct pamstack_entry *entry)
{
	const char *slash = strrchr(entry->line.path, '/');

	return slash != NULL ? slash + 1 : entry->line.path;
}

bool
pamstack_is(const struct pamstack_entry *entry, const char *name)
{
	const char *module = pamstack_module(entry);
	size_t len = strlen(name);

	return entry->line.kind == PAMLINE_MODULE &&
	    strncmp(module, name, len) == 0 && strcmp(module + len, ".so") == 0;
}

bool
pamstack_is_same(const struct pamstack_entry *a, const struct pamstack_entry *b)
{
	if (a->line.kind != PAMLINE_MODULE || b->line.kind != PAMLINE_MODULE ||
	    a->line.type != b->line.type || a->line.argc != b->line.argc ||
	    strcmp(pamstack_module(a), pamstack_module(b)) != 0)
		return false;
	for (int i = 0; i < a->line.argc; i++) {
		if (strcmp(a->line.argv[i], b->line.argv[i]) != 0)
			return false;
	}
	return true;
}
