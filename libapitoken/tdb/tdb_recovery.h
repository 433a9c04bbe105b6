/*
 * The note from which libtdb undoes an interrupted transaction: the pages that
 * were overwritten, each after its offset and length. libtdb trusts it: if a
 * length is wrong, it reads past its buffer and writes what it finds there, the
 * host's memory, into the database.
 */
#ifndef APITOKEN_TDB_RECOVERY_H
#define APITOKEN_TDB_RECOVERY_H

#include <stdbool.h>

/* Whether there is such a note. */
enum recovery {
	RECOVERY_NONE,
	RECOVERY_DUE,     /* the next open for writing will obey it */
	RECOVERY_UNKNOWN, /* it cannot be read */
};

enum recovery recovery_look(int fd);

/*
 * Whether libtdb may open the database for writing: there is nothing to undo,
 * or the note is intact; and the place of the note would not close a loop of
 * free blocks, in which a commit never ends. If not, errno is 0, or why it
 * could not be read.
 */
bool recovery_is_sound(int fd);

#endif
