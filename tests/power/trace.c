#include "trace.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

void
trace_start(struct trace *trace, const char *root)
{
	*trace = (struct trace){0};
	image_read(&trace->base, trace->inodes, root);
	trace->files = trace->base.file_count;
	for (size_t i = 0; i < trace->files; i++)
		trace->room[i] = trace->base.files[i].len;
}

void
trace_free(struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		free(trace->ops[i].bytes);
	free(trace->ops);
	image_free(&trace->base);
}

/* The minimum length of the file while this op is done. */
static void
note_length(struct trace *trace, const struct op *op)
{
	size_t end = op->kind == OP_WRITE ? op->at + op->len : op->len;

	if (op->kind != OP_WRITE && op->kind != OP_RESIZE)
		return;
	if (trace->room[op->file] < end)
		trace->room[op->file] = end;
}

void
trace_add(struct trace *trace, struct op op, ino_t inode)
{
	struct op *grown = reallocarray(
	    trace->ops, trace->count + 1, sizeof(*grown));

	if (grown == NULL)
		err(2, "memory");
	trace->ops = grown;
	if (op.kind == OP_CREATE) {
		if (trace->files == IMAGE_FILES)
			errx(2, "too many files");
		op.file = trace->files++;
		trace->inodes[op.file] = inode;
		trace->room[op.file] = 0;
	}
	note_length(trace, &op);
	trace->ops[trace->count++] = op;
}

size_t
trace_find(const struct trace *trace, ino_t inode)
{
	/* The latest: inode numbers are reused. */
	for (size_t i = trace->files; i-- > 0;) {
		if (trace->inodes[i] == inode)
			return i;
	}
	return IMAGE_NOWHERE;
}

void
trace_print(const struct trace *trace)
{
	static const char *const NAMES[] = {
	    [OP_CREATE] = "create",
	    [OP_LINK] = "link",
	    [OP_UNLINK] = "unlink",
	    [OP_RENAME] = "rename",
	    [OP_WRITE] = "write",
	    [OP_RESIZE] = "resize",
	    [OP_MODE] = "mode",
	    [OP_SYNC] = "sync",
	    [OP_ACK] = "say",
	};

	for (size_t i = 0; i < trace->count; i++) {
		const struct op *op = &trace->ops[i];

		printf("# %zu: %s file %zu %s %s at %zu len %zu\n", i + 1,
		    NAMES[op->kind], op->file, op->text, op->to_text, op->at,
		    op->len);
	}
}
