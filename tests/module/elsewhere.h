/*
 * The runtime directory of the tests: openat and mkdirat of this program, which
 * the module finds before libc's, use another directory for it.
 */
#ifndef APITOKEN_ELSEWHERE_H
#define APITOKEN_ELSEWHERE_H

/* RUNDIR is at path from now on; path must stay valid. */
void elsewhere_set(const char *path);

#endif
