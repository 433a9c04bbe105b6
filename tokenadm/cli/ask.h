/* Asks the user at the terminal, on standard error. */
#ifndef TOKENADM_ASK_H
#define TOKENADM_ASK_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there is a terminal to ask on. */
bool ask_is_possible(void);

/*
 * Before standard input is read to its end: if it is a terminal, says what is
 * read there, so that nobody waits for somebody who waits.
 */
void ask_lines(const char *what);

/* Asks a yes/no question. Any answer that does not begin with y means no. */
bool ask_yes(const char *question);

/*
 * Asks for a line of less than size bytes; the newline is removed. An empty
 * answer means preset, unless that is NULL. False at end of input.
 */
bool ask_line(
    const char *question, const char *preset, char *answer, size_t size);

/*
 * From now on, answers come from this function, which shows the question and
 * returns false if there is none.
 */
typedef bool ask_answerer(const char *question, char *answer, size_t size);
void ask_set(ask_answerer *answerer);

#endif
