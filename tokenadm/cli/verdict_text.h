/* The checks of a verdict, for people. */
#ifndef TOKENADM_VERDICT_TEXT_H
#define TOKENADM_VERDICT_TEXT_H

#include "login/attempt.h"
#include "login/verdict.h"

#define VERDICT_TEXT_DETAIL_SIZE (RECORD_SERVICES_MAX + 32)

/* passed, FAILED, or - if it was not done. */
const char *verdict_text_outcome(enum outcome outcome);

/* The same for programs: passed, failed or skipped. */
const char *verdict_text_word(enum outcome outcome);

/* Details of a test beside its outcome; may be "". */
void verdict_text_detail(char text[VERDICT_TEXT_DETAIL_SIZE],
    enum login_test test, const struct verdict *verdict,
    const struct record *record, const struct attempt *attempt);

#endif
