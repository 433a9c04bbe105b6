/*
 * The store's lock, when a test ends in its midst: an assertion that failed
 * leaves it held, and every later test of the program would wait for it. Of
 * programs that are linked with LOCK_LINK (Makefile.am).
 */
#ifndef APITOKEN_HELD_H
#define APITOKEN_HELD_H

/* Gives back what this process holds, if anything. */
void held_release(void);

#endif
