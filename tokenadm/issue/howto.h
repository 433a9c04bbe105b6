/* How to use a token, shown when one is issued on a terminal. */
#ifndef TOKENADM_HOWTO_H
#define TOKENADM_HOWTO_H

#include <stdbool.h>
#include <stdio.h>

#include "token/record.h"

struct json_t;

/*
 * Prints commands to paste, for each of the token's services known here. They
 * name this machine; of a fleet's token the first host that it is for, or HOST.
 * hosts: of such a one all of these, as --hosts names them; "": all there are;
 * NULL: not known.
 */
void howto_print(FILE *stream, const struct record *record, bool is_fleets,
    const char *hosts);

/*
 * The same commands as a JSON array of objects, with the keys service and text.
 * Free it with json_decref. NULL without memory.
 */
struct json_t *howto_json(
    const struct record *record, bool is_fleets, const char *hosts);

#endif
