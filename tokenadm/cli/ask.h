/* Asking whoever sits at the terminal, on standard error. */
#ifndef TOKENADM_ASK_H
#define TOKENADM_ASK_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there is somebody to ask. */
bool ask_is_possible(void);

/*
 * Asks a question that is answered with yes or no. Anything that does not
 * begin with y is a no.
 */
bool ask_yes(const char *question);

/*
 * Asks for a line, without its end, of less than size bytes. An empty answer
 * stands for preset, unless that is NULL. False at the end of the input.
 */
bool ask_line(
    const char *question, const char *preset, char *answer, size_t size);

#endif
