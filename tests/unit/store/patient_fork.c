#include "patient_fork.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

pid_t patient_fork;

int __real_pthread_mutex_clocklock(
    pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until);
int __wrap_pthread_mutex_clocklock(
    pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until);

int
__wrap_pthread_mutex_clocklock(
    pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
	return gettid() == patient_fork
	    ? pthread_mutex_lock(mutex)
	    : __real_pthread_mutex_clocklock(mutex, clock, until);
}
