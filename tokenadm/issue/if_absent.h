/* issue --if-absent: whether the token is there already, and as it is asked. */
#ifndef TOKENADM_IF_ABSENT_H
#define TOKENADM_IF_ABSENT_H

#include <stdbool.h>

#include "cli/args.h"
#include "cli/command.h"
#include "store/store.h"
#include "token/record.h"

struct if_absent {
	bool found;
	struct record present; /* where it was found */
};

/*
 * Looks for a usable token that has the user and name of the wanted one, with
 * the store open for what follows. ERR_POLICY for one of a former owner of
 * that name, whose uid was another; or as store_get.
 */
enum err if_absent_look(struct if_absent *absent, struct context *context,
    struct store *store, const struct record *wanted);

/*
 * Says on standard error that nothing was changed, in what the token that was
 * found differs from the one that args ask for, and how to change that; with
 * --json on standard output, too.
 */
void if_absent_print(const struct if_absent *absent, const struct args *args,
    const struct record *wanted);

#endif
