/* The passwords that a script gives. */
#ifndef APITOKEN_PASSWORD_H
#define APITOKEN_PASSWORD_H

#include "fuzz.h"
#include "login.h"

/* A token's text, or a damaged version of it. */
void password_of_token(
    struct login_password *password, struct fuzz_input *input);

/* A password that is no token; or none, or any bytes. */
void password_of_user(
    struct login_password *password, struct fuzz_input *input);

#endif
