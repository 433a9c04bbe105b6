/* How to use a token, for whoever has just issued one on a terminal. */
#ifndef TOKENADM_HOWTO_H
#define TOKENADM_HOWTO_H

#include <stdio.h>

#include "token/record.h"

/* Commands to paste, for each of the token's services that is known here. */
void howto_print(FILE *stream, const struct record *record);

#endif
