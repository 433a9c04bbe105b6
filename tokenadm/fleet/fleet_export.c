#include "fleet/fleet_export.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/text.h"
#include "fleet/fleet_file.h"
#include "fleet/fleet_issued.h"

/* Reads everything, so that no lock is held while it is written. */
static enum err
read_all(struct context *context, struct fleet_outbox *outbox,
    struct fleet_engine_list *list)
{
	struct error *why = &context->error;
	struct store *store = NULL;
	struct config issued;
	enum err rc;

	*list = (struct fleet_engine_list){0};
	fleet_issued_config(&issued, &context->config);
	rc = store_open(
	    &store, &issued, STORE_SCAN, store_deadline(&context->config), why);
	if (rc == ERR_MISSING)
		rc = error_set(why, rc,
		    "%s: this machine issues no tokens to a fleet; tokenadm "
		    "fleet init makes it one that does",
		    issued.directory);
	if (rc == ERR_OK)
		rc = fleet_issued_get_outbox(store, outbox, why);
	if (rc == ERR_OK)
		rc = fleet_issued_list(store, list, why);
	if (rc == ERR_NOT_FOUND)
		rc = error_set(
		    why, ERR_MISSING, "nothing was issued to the fleet yet");
	store_close(store);
	return rc;
}

static void
print(const char *head, const struct fleet_list *list)
{
	fputs(head, stdout);
	for (size_t i = 0; i < list->count; i++) {
		const struct fleet_item *item = &list->items[i];
		uint8_t before[FLEET_ITEM_HEAD];

		fleet_snapshot_item(item, before);
		(void)fwrite(before, sizeof(before), 1, stdout);
		(void)fwrite(item->bytes, item->len, 1, stdout);
	}
}

/*
 * One after the other: what was read first must not be written last. So it is
 * read once the file is locked.
 */
static enum err
begin(struct context *context, const char *path, int *lock)
{
	*lock = -1;
	return path != NULL
	    ? fleet_file_lock(
		  path, store_deadline(&context->config), lock, &context->error)
	    : ERR_OK;
}

enum err
fleet_export(struct context *context, const char *path)
{
	struct fleet_engine_list list = {0};
	struct fleet_outbox outbox;
	int lock;
	enum err rc;

	if (path == NULL && isatty(STDOUT_FILENO))
		return error_about(&context->error, "file", NULL,
		    error_set(&context->error, ERR_USAGE,
			"export: give a FILE; what it writes is not for a "
			"terminal"));
	rc = begin(context, path, &lock);
	if (rc == ERR_OK)
		rc = read_all(context, &outbox, &list);
	if (rc == ERR_OK && path != NULL)
		rc = fleet_file_write(path, outbox.head, list.list.items,
		    list.list.count, &context->error);
	else if (rc == ERR_OK)
		print(outbox.head, &list.list);
	if (lock >= 0)
		(void)close(lock);
	fleet_engine_list_free(&list);
	return rc;
}
