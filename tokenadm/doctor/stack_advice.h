/*
 * How pam_apitoken is wired into a service's stack: what happens to a token, to
 * a password, and if a module is missing. Pure: it uses stack_trial.h.
 */
#ifndef TOKENADM_STACK_ADVICE_H
#define TOKENADM_STACK_ADVICE_H

#include "doctor/report.h"
#include "pam/pamstack.h"

/*
 * Reports what is wrong with the order and controls of its lines, with the
 * correct line. Adds nothing if all is well.
 */
void stack_judge(struct report *report, const struct pamstack *stack);

#endif
