/* What login.c and login_later.c share. */
#ifndef APITOKEN_LOGIN_IMPL_H
#define APITOKEN_LOGIN_IMPL_H

#include "login.h"

/* What a hook may return, and whether it has to be one of these two. */
struct login_expected {
	enum answer answer;
	int accepted, refused;
};

/* Calls the hook; LOGIN_ENDED if that has ended the process. */
#define LOGIN_ENDED (-1)
int login_run(struct login *login, const struct login_call *call);

/* Whether it is accepted, which is as has been expected. */
bool login_is_accepted(const struct login_expected *expected, int code);

/* What is pinned, in the model's words. */
enum login_memory login_remembered(const struct pam_handle *pamh);

/*
 * After what could go either way: takes over what is pinned, which may be no
 * token but one that was accepted.
 */
void login_follow(struct login *login);

/* Whose token it is that the next hook is about. */
struct truth_claim login_claim(
    const struct login *login, const struct login_call *call);

/*
 * setcred and the session's hooks: what they return where there is no token,
 * and where one is refused.
 */
void login_later(
    struct login *login, const struct login_call *call, int none, int refused);

#endif
