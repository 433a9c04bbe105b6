/*
 * The users of the tests: getpwnam_r, getspnam_r and fopen of this program,
 * which the module finds before libc's, look them up here and nowhere else.
 */
#ifndef APITOKEN_MODULE_USERS_H
#define APITOKEN_MODULE_USERS_H

#define ALICE "alice" /* an enabled account */
#define BOB "bob"     /* another one */
#define UID_ALICE 2001
#define UID_BOB 2002

/* Restores the accounts above. */
void users_reset(void);

/* Gives alice another shadow entry: what follows `alice:` in shadow(5). */
void users_set_shadow(const char *fields);

/* From now on only a directory has alice, with her shadow entry. */
void users_move_alice(void);

/* From now on services and files fail with this error; 0: they work. */
void users_fail(int error);

#endif
