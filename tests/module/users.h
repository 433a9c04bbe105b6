/*
 * The users that tests have: getpwnam_r, getspnam_r and fopen of this program,
 * which the module finds before libc's, look for them here and nowhere else.
 */
#ifndef APITOKEN_MODULE_USERS_H
#define APITOKEN_MODULE_USERS_H

#define ALICE "alice" /* an enabled account */
#define BOB "bob"     /* another one */
#define UID_ALICE 2001
#define UID_BOB 2002

/* Back to the accounts as above. */
void users_reset(void);

/* Gives alice another shadow entry: what follows `alice:` in shadow(5). */
void users_set_shadow(const char *fields);

/* From now on a directory has alice, with her shadow entry, and no file has. */
void users_move_alice(void);

/* From now on look-ups fail with this error; 0: they do not. */
void users_fail(int error);

#endif
