/* Issuing by hand: asks for what the options do not say. */
#ifndef TOKENADM_INTERVIEW_H
#define TOKENADM_INTERVIEW_H

#include "cli/command.h"

#define INTERVIEW_QUESTIONS 7
#define INTERVIEW_ANSWER_MAX 1024

/* The answers; args points into them. */
struct interview {
	char answers[INTERVIEW_QUESTIONS][INTERVIEW_ANSWER_MAX];
};

/*
 * Asks for user, name, description, preset, services, scopes and expiry unless
 * given, and sets args as if they were. A preset is asked for if the config has
 * any, and answers what it says. Repeats a question after an invalid answer.
 * ERR_REFUSED if nobody answers.
 */
enum err interview_complete(
    struct interview *interview, struct context *context, struct args *args);

#endif
