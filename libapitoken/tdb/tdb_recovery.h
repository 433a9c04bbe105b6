/*
 * The note from which libtdb undoes an interrupted transaction: the pages that
 * were overwritten, each behind its offset and length. libtdb takes it on
 * trust: with a wrong length it reads on behind its buffer, and writes what it
 * finds there, the memory of the host, into the database.
 */
#ifndef APITOKEN_TDB_RECOVERY_H
#define APITOKEN_TDB_RECOVERY_H

#include <stdbool.h>

/* Whether there is such a note. */
enum recovery {
	RECOVERY_NONE,
	RECOVERY_DUE,     /* the next to open for writing will heed it */
	RECOVERY_UNKNOWN, /* it cannot be read */
};

enum recovery recovery_look(int fd);

/*
 * Whether libtdb may open the database for writing: there is nothing to undo,
 * or the note of it is of one piece; and its place is not where it would make a
 * circle of the free blocks, in which a commit never ends. If not, errno is 0,
 * or why it could not be read.
 */
bool recovery_is_sound(int fd);

#endif
