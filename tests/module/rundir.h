/*
 * The runtime directory that tests have: openat and mkdirat of this program,
 * which the module finds before libc's, take another one for it.
 */
#ifndef APITOKEN_RUNDIR_H
#define APITOKEN_RUNDIR_H

/* What lies in HANDOFF_RUN for everybody else is at path now; it must stay. */
void rundir_set(const char *path);

#endif
