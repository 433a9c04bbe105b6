/* The content of a store, and the files beside it that a command writes. */
#ifndef APITOKEN_STATE_H
#define APITOKEN_STATE_H

#include <stdbool.h>

/* Below the directory that all functions here look at: */
#define STATE_CONFIG "apitoken.conf"
#define STATE_NOW "now"     /* what a command may change */
#define STATE_OUT "now/out" /* of that, what is not the store */
#define STATE_BACKUP "now/out/backup"
#define STATE_TOKENS "now/out/tokens"

/*
 * Everything that does not differ between runs: each token except its id and
 * times, and the backup. Two states are the same if their texts are. To be
 * freed.
 */
char *state_read(const char *work);

/* Whether `check` is content, or there is no store; *complaint says why not. */
bool state_is_sound(const char *work, const char **complaint);

/* Whether each token in the text is valid. */
bool state_has_tokens(const char *work, const char *text);

/*
 * What follows of itself, with a fleet: its agent sends and applies what a
 * command has left. And whether nothing is left of what this machine issues.
 */
void state_settle(const char *work);
bool state_is_sent(const char *work);

/* The content of the output file, to be freed; empty if it is missing. */
char *state_output(const char *work);

#endif
