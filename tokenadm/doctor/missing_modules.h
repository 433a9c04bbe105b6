/* doctor: lines of a stack whose module is not installed. */
#ifndef TOKENADM_MISSING_MODULES_H
#define TOKENADM_MISSING_MODULES_H

#include "doctor/report.h"
#include "pam/pamstack.h"

/*
 * Adds a finding for each line that lacks its module (modules_note_missing) and
 * does not say that it may. Our own module has its own finding.
 */
void missing_modules_report(
    struct report *report, const struct pamstack *stack);

#endif
