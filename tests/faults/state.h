/*
 * What a store holds, and the files beside it that a command writes.
 */
#ifndef APITOKEN_STATE_H
#define APITOKEN_STATE_H

#include <stdbool.h>

/* Below the directory at which all of this looks: */
#define STATE_CONFIG "apitoken.conf"
#define STATE_NOW "now"     /* what a command may change */
#define STATE_OUT "now/out" /* of this, what is not the store */
#define STATE_BACKUP "now/out/backup"
#define STATE_TOKENS "now/out/tokens"

/*
 * All that does not differ from one run to the next: each token but for its id
 * and times, and the backup. Two states are the same if the texts are. To be
 * freed.
 */
char *state_read(const char *work);

/* Whether `check` is content, or there is no store; *complaint says why not. */
bool state_is_sound(const char *work, const char **complaint);

/* Whether each token that stands in the text lives. */
bool state_has_tokens(const char *work, const char *text);

/* The output file's content, to be freed; empty if it is not there. */
char *state_output(const char *work);

#endif
