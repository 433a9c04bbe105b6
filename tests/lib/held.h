/*
 * Releases the store's lock when a test ends early: a failed assertion leaves
 * it held, and every later test of the program would wait for it. For programs
 * that are linked with LOCK_LINK (Makemodule.am).
 */
#ifndef APITOKEN_HELD_H
#define APITOKEN_HELD_H

/* Releases what this process holds, if anything. */
void held_release(void);

#endif
