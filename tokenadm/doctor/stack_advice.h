/*
 * How pam_apitoken is wired into the stack of a service: what becomes of a
 * token, of a password and of a module that is missing. Pure: it asks trials.
 */
#ifndef TOKENADM_STACK_ADVICE_H
#define TOKENADM_STACK_ADVICE_H

#include "doctor/report.h"
#include "pam/pamstack.h"

/*
 * Adds what is wrong with order and controls of its lines, and the line that
 * would be right. Nothing is added where nothing is wrong.
 */
void stack_judge(struct report *report, const struct pamstack *stack);

#endif
