/* Asking whoever sits at the terminal. */
#ifndef TOKENADM_ASK_H
#define TOKENADM_ASK_H

#include <stdbool.h>

/* Whether there is somebody to ask. */
bool ask_is_possible(void);

/*
 * Asks a question on standard error that is answered with yes or no. Anything
 * that does not begin with y is a no.
 */
bool ask_yes(const char *question);

#endif
