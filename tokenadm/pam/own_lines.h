/* The module's own lines in the stack of a service. */
#ifndef TOKENADM_OWN_LINES_H
#define TOKENADM_OWN_LINES_H

#include "pam/pamstack.h"

#define STACK_MODULE "pam_apitoken"

/* The first line of the module among those of a type, or NULL. */
const struct pamstack_entry *own_lines_find(
    const struct pamstack *stack, enum pamline_type type);

/* Whether any of its lines is there. */
bool own_lines_are_there(const struct pamstack *stack);

/* Whether one of its lines stands in the service's own file. */
bool own_lines_is_file(const struct pamstack *stack);

/*
 * A line in a file that services share, where the service's own file has one of
 * that type as well. NULL: none.
 */
const struct pamstack_entry *own_lines_find_second(
    const struct pamstack *stack);

#endif
