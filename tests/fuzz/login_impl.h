/* Shared by login.c and login_later.c. */
#ifndef APITOKEN_LOGIN_IMPL_H
#define APITOKEN_LOGIN_IMPL_H

#include "login.h"

/* What a hook may return, and whether it must be one of these two. */
struct login_expected {
	enum answer answer;
	int accepted, refused;
};

/* Calls the hook; LOGIN_ENDED if it has ended the process. */
#define LOGIN_ENDED (-1)
int login_run(struct login *login, const struct login_call *call);

/* Whether it is accepted; it must be as expected. */
bool login_is_accepted(const struct login_expected *expected, int code);

/* What is pinned, in terms of the model. */
enum login_memory login_remembered(const struct pam_handle *pamh);

/*
 * After a call with two possible results: takes over what is pinned, which must
 * be no token or one that was accepted.
 */
void login_follow(struct login *login);

/* The owner of the token that the next hook judges. */
struct truth_claim login_claim(
    const struct login *login, const struct login_call *call);

/*
 * setcred and the session's hooks: what they return if there is no token, and
 * if one is refused.
 */
void login_later(
    struct login *login, const struct login_call *call, int none, int refused);

#endif
