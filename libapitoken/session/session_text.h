/* The file of a session, as text: a value in each line. Pure. */
#ifndef APITOKEN_SESSION_TEXT_H
#define APITOKEN_SESSION_TEXT_H

#include "session/session_list.h"

#define SESSION_TEXT_MAX 2048 /* bytes */

/* The last line, if the process may serve others, too; as long as without. */
#define SESSION_TEXT_SHARED "1\n"

/*
 * Returns its length; 0 if it does not fit, which its limits exclude. What the
 * host gave and is not printable is left out.
 */
size_t session_text_encode(
    const struct session *session, char text[SESSION_TEXT_MAX]);

/*
 * Sets what the text says; token, process and number are in the file's name.
 * False, and it may be half set: it is malformed.
 */
bool session_text_decode(struct session *session, const char *text);

#endif
