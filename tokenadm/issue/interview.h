/* Issuing by hand: what the options do not say is asked for. */
#ifndef TOKENADM_INTERVIEW_H
#define TOKENADM_INTERVIEW_H

#include "cli/command.h"

#define INTERVIEW_QUESTIONS 6
#define INTERVIEW_ANSWER_MAX 1024

/* What was answered; args points into it. */
struct interview {
	char answers[INTERVIEW_QUESTIONS][INTERVIEW_ANSWER_MAX];
};

/*
 * Asks for user, name, description, services, scopes and expiry, as far as
 * they are not given, and enters the answers into args as if they had been.
 * An answer that breaks its rule is asked for again. ERR_REFUSED if nobody
 * answers.
 */
enum err interview_complete(
    struct interview *interview, struct context *context, struct args *args);

#endif
