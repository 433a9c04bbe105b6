/* Many threads of one process at once, each with its own PAM handle. */
#include <pthread.h>
#include <string.h>

#include "host.h"

#define THREADS 32
#define LOGINS 20

static char token[TOKEN_LEN + 1];
static pthread_barrier_t barrier;

struct worker {
	struct host host;
	pthread_t thread;
	int failed; /* logins that were not accepted */
};

static void *
work(void *arg)
{
	struct worker *worker = arg;

	(void)pthread_barrier_wait(&barrier);
	for (int i = 0; i < LOGINS; i++) {
		host_start(&worker->host, ALICE, token);
		if (host_authenticate(&worker->host) != PAM_SUCCESS ||
		    host_account(&worker->host) != PAM_SUCCESS)
			worker->failed++;
	}
	(void)pam_end(worker->host.pamh, PAM_SUCCESS);
	return NULL;
}

static void
test_threads(void **state)
{
	static struct worker workers[THREADS];
	struct host *host = *state;

	/* A thread that has the lock may wait long for a processor. */
	host_be_patient(host);
	host_issue(host, token, NULL);
	assert_int_equal(pthread_barrier_init(&barrier, NULL, THREADS), 0);
	for (int i = 0; i < THREADS; i++) {
		workers[i].host = *host;
		assert_int_equal(
		    pthread_create(&workers[i].thread, NULL, work, &workers[i]),
		    0);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
		assert_int_equal(workers[i].failed, 0);
	}
	assert_int_equal(pthread_barrier_destroy(&barrier), 0);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test_setup_teardown(
		test_threads, host_setup, host_teardown),
	};

	return unit_run(TESTS);
}
