/* Whether only root can write the files of a stack. */
#ifndef TOKENADM_STACK_MODES_H
#define TOKENADM_STACK_MODES_H

#include "doctor/report.h"
#include "pam/pamstack.h"

/* Reports each file, included ones too, that somebody else can write. */
void stack_modes_judge(struct report *report, const struct pamstack *stack);

#endif
