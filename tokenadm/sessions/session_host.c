#include "sessions/session_host.h"

#include <signal.h>

#include "base/deadline.h"
#include "session/rundir.h"
#include "session/session_list.h"
#include "sessions/proc_signal.h"

#define GRACE 1500 /* milliseconds to wait, also after SIGTERM */
#define LAST 10000 /* after SIGKILL: the machine may be busy */
#define PART 50    /* of such a wait, until it is let go on again */

void
session_host_spare_init(struct session *session)
{
	if (session->process.pid == 1)
		session->is_shared = true;
}

bool
session_host_is_there(struct session *session)
{
	bool is_there = session_look_again(RUNDIR, session);

	session_host_spare_init(session);
	return is_there;
}

/*
 * su(1) and sudo(8) stop themselves once they see that their child was stopped,
 * which may be when it has ended; and nobody else would let them go on.
 */
static bool
wait_for_end(const struct process *host)
{
	int64_t end = deadline_in(GRACE);
	int left;

	do {
		(void)proc_signal(host, SIGCONT);
		left = deadline_poll(end);
		if (proc_wait_for_end(host, left < PART ? left : PART))
			return true;
	} while (left > 0);
	return false;
}

/* One that serves the next session by then is not signalled. */
void
session_host_end(struct session session)
{
	static const int SIGNALS[] = {SIGTERM, SIGKILL};

	for (size_t i = 0; i < 2; i++) {
		if (wait_for_end(&session.process) ||
		    !session_host_is_there(&session) || session.is_shared)
			return;
		(void)proc_signal(&session.process, SIGNALS[i]);
	}
	(void)proc_wait_for_end(&session.process, LAST);
}
