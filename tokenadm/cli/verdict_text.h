/* The checks of a verdict as people see them. */
#ifndef TOKENADM_VERDICT_TEXT_H
#define TOKENADM_VERDICT_TEXT_H

#include "login/evaluate.h"

#define CHECKS_DETAIL_SIZE (RECORD_SERVICES_MAX + 32)

/* passed, FAILED, or - for one that was not made. */
const char *checks_outcome_name(enum outcome outcome);

/* What there is to say of a check beside its outcome; may be "". */
void checks_detail(char text[CHECKS_DETAIL_SIZE], enum check check,
    const struct verdict *verdict, const struct record *record,
    const struct candidate *candidate);

#endif
