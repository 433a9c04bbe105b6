#include "cli/progress.h"

#include <stdio.h>
#include <string.h>

#include "base/deadline.h"
#include "cli/terminal.h"

#define WIDTH 40     /* characters of the bar */
#define INTERVAL 100 /* milliseconds */

void
progress_start(struct progress *progress, const char *what, size_t total)
{
	*progress = (struct progress){
	    .what = what,
	    .total = total,
	    .is_shown = terminal_get().has_errors && total > 0,
	};
}

void
progress_show(struct progress *progress, size_t done)
{
	char bar[WIDTH + 1];
	size_t filled;

	if (!progress->is_shown ||
	    (done < progress->total && deadline_in(0) < progress->next))
		return;
	progress->next = deadline_in(INTERVAL);
	filled = done * WIDTH / progress->total;
	memset(bar, '#', filled);
	memset(bar + filled, '.', WIDTH - filled);
	bar[WIDTH] = '\0';
	fprintf(stderr, "\r%s [%s] %3zu%% %zu/%zu", progress->what, bar,
	    done * 100 / progress->total, done, progress->total);
	(void)fflush(stderr);
}

void
progress_end(struct progress *progress)
{
	if (progress->is_shown)
		fputs("\r\033[K", stderr);
	progress->is_shown = false;
}
