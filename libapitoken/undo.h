/*
 * The note from which libtdb undoes an interrupted transaction: the pages that
 * were overwritten, each behind its offset and length. libtdb takes it on
 * trust: with a wrong length it reads on behind its buffer, and writes what it
 * finds there, the memory of the host, into the database.
 */
#ifndef APITOKEN_UNDO_H
#define APITOKEN_UNDO_H

#include <stdbool.h>

/* Whether there is such a note: the next to open for writing will heed it. */
bool undo_is_due(int fd);

/*
 * Whether libtdb may open the database for writing: there is nothing to undo,
 * or the note of it is of one piece; and its place is not where it would make a
 * circle of the free blocks, in which a commit never ends.
 */
bool undo_is_sound(int fd);

#endif
