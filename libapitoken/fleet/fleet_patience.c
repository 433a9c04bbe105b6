#include "fleet/fleet_patience.h"

#include <signal.h>

#include "base/deadline.h"

#define MOST 60000

static volatile sig_atomic_t is_over;

void
fleet_patience_end(void)
{
	is_over = 1;
}

bool
fleet_patience_is_over(void)
{
	return is_over != 0;
}

int
fleet_patience_left(int64_t deadline)
{
	int left = deadline_poll(deadline);

	if (is_over != 0)
		return 0;
	return left > MOST ? MOST : left;
}
