/*
 * What a program did to a tree of files, in order: every change, every sync,
 * and every moment at which it reported that something is done.
 */
#ifndef TESTS_POWER_TRACE_H
#define TESTS_POWER_TRACE_H

#include "image.h"

enum op_kind {
	OP_CREATE, /* file in, text: a new file, or directory */
	OP_LINK,   /* file in, text */
	OP_UNLINK, /* in, text */
	OP_RENAME, /* in, text; file to_in, to_text */
	OP_WRITE,  /* file, at, len, bytes */
	OP_RESIZE, /* file, len */
	OP_MODE,   /* file, mode */
	OP_SYNC,   /* file: its bytes; of a directory, the names in it */
	OP_ACK,    /* len, bytes: written to standard output; or 0: a successful
		      exit */
};

struct op {
	enum op_kind kind;
	size_t file, in, to_in;
	char text[IMAGE_NAME_SIZE], to_text[IMAGE_NAME_SIZE];
	bool is_directory;
	mode_t mode;
	size_t at, len;
	uint8_t *bytes;
};

struct trace {
	struct image base; /* what existed before */
	/*
	 * For each file, those of base and then those created: its inode, and
	 * its greatest length.
	 */
	ino_t inodes[IMAGE_FILES];
	size_t room[IMAGE_FILES];
	size_t files;
	struct op *ops;
	size_t count;
};

/* Starts with the content of root. To be freed by trace_free. */
void trace_start(struct trace *trace, const char *root);
void trace_free(struct trace *trace);

/*
 * Appends an op and takes ownership of its bytes; a created file gets its
 * number.
 */
void trace_add(struct trace *trace, struct op op, ino_t inode);

/*
 * The number of the file that has this inode now; IMAGE_NOWHERE: none of ours.
 */
size_t trace_find(const struct trace *trace, ino_t inode);

/* Prints the ops, for humans. */
void trace_print(const struct trace *trace);

#endif
