/* issue --if-absent: whether the token exists, and matches the request. */
#ifndef TOKENADM_IF_ABSENT_H
#define TOKENADM_IF_ABSENT_H

#include <stdbool.h>

#include "cli/args.h"
#include "cli/command.h"
#include "store/store.h"
#include "token/record.h"

struct if_absent {
	bool found;
	struct record present; /* if found */
};

/*
 * Looks for a usable token with the user and name of the wanted one, in the
 * open store. ERR_POLICY if it belongs to a former owner of that name with
 * another uid; or as store_get.
 */
enum err if_absent_look(struct if_absent *absent, struct context *context,
    struct store *store, const struct record *wanted);

/*
 * Says on standard error that nothing was changed, how the existing token
 * differs from the one that args ask for, and how to change that; with --json
 * also on standard output.
 */
void if_absent_print(const struct if_absent *absent, const struct args *args,
    const struct record *wanted);

#endif
