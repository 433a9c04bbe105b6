/* The module's lines in a service's stack. */
#ifndef TOKENADM_OWN_LINES_H
#define TOKENADM_OWN_LINES_H

#include "pam/pamstack.h"

#define STACK_MODULE "pam_apitoken"

/* The module's first line of a type, or NULL. */
const struct pamstack_entry *own_lines_find(
    const struct pamstack *stack, enum pamline_type type);

/* Whether the stack has any of its lines. */
bool own_lines_are_there(const struct pamstack *stack);

/* Whether one of its lines is in the service's own file. */
bool own_lines_is_file(const struct pamstack *stack);

/* A line in a shared file whose type the service's file has too; or NULL. */
const struct pamstack_entry *own_lines_find_second(
    const struct pamstack *stack);

#endif
