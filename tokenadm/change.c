#include "change.h"

#include "lock.h"

static int64_t
deadline(const struct context *context)
{
	return lock_deadline(context->config.lock_timeout * 1000);
}

enum err
change_begin(struct change *change, struct context *context)
{
	sigset_t all;
	enum err rc;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &change->signals);
	rc = store_open(&change->store, &context->config, STORE_WRITE,
	    deadline(context), &context->error);
	if (rc != ERR_OK)
		(void)sigprocmask(SIG_SETMASK, &change->signals, NULL);
	return rc;
}

enum err
change_end(struct change *change, struct context *context, enum err rc)
{
	if (rc == ERR_OK)
		rc = store_commit(change->store, &context->error);
	store_close(change->store);
	change->store = NULL;
	(void)sigprocmask(SIG_SETMASK, &change->signals, NULL);
	return rc;
}

enum err
change_read(struct store **store, struct context *context)
{
	return store_open(store, &context->config, STORE_READ,
	    deadline(context), &context->error);
}
