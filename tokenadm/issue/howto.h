/* How to use a token, shown when one is issued on a terminal. */
#ifndef TOKENADM_HOWTO_H
#define TOKENADM_HOWTO_H

#include <stdio.h>

#include "token/record.h"

/* Prints commands to paste, for each of the token's services known here. */
void howto_print(FILE *stream, const struct record *record);

#endif
