/*
 * A fork that waits for a thread that uses the store, however long that takes
 * on a busy machine; for programs that are linked with
 * --wrap=pthread_mutex_clocklock.
 */
#ifndef APITOKEN_TEST_PATIENT_FORK_H
#define APITOKEN_TEST_PATIENT_FORK_H

#include <sys/types.h>

/* The thread that forks so; 0: none */
extern pid_t patient_fork;

#endif
