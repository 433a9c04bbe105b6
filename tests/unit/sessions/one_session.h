/*
 * The list of sessions is one session, for programs that are linked with
 * --wrap=session_each,--wrap=session_is_over.
 */
#ifndef APITOKEN_TEST_ONE_SESSION_H
#define APITOKEN_TEST_ONE_SESSION_H

#include "session/session_list.h"

extern struct session one_session;
extern bool one_session_is_over;

#endif
