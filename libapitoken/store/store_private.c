/* Private copies of the database, read and written without a lock. */
#include <unistd.h>

#include "store/keycheck.h"
#include "store/store.h"
#include "store/store_impl.h"

/* Checks the key; an empty database gets its key check. */
static enum err
check_or_put_key(struct store *store, bool empty, struct error *why)
{
	return empty
	    ? keycheck_put(store->db, &store->keys, why)
	    : keycheck_verify(store->db, &store->keys, store->path, why);
}

enum err
store_open_private(struct store **store, const struct config *config, int fd,
    struct error *why)
{
	bool empty = lseek(fd, 0, SEEK_END) == 0;
	struct store *fresh;
	enum err rc = store_new(&fresh, config, STORE_DATABASE, why);

	if (rc != ERR_OK)
		return rc;
	rc = db_open_private(&fresh->db, fd, fresh->path, why);
	if (rc == ERR_OK)
		rc = store_read_keys(fresh, config, why);
	if (rc == ERR_OK)
		rc = check_or_put_key(fresh, empty, why);
	fresh->writing = rc == ERR_OK;
	if (rc == ERR_OK)
		*store = fresh;
	else
		store_close(fresh);
	return rc;
}
