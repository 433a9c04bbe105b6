/*
 * The runtime directory that tests have: openat and mkdirat of this program,
 * which the module finds before libc's, take another one for it.
 */
#ifndef APITOKEN_ELSEWHERE_H
#define APITOKEN_ELSEWHERE_H

/* What lies in RUNDIR for everybody else is at path now; it must stay. */
void elsewhere_set(const char *path);

#endif
