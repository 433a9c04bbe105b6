/* A sweep through owners with made-up accounts (world.h). */
#ifndef APITOKEN_SWEPT_H
#define APITOKEN_SWEPT_H

#include "lifecycle/sweep.h"
#include "scratch.h"
#include "world.h"

#define ROOT "root:x:0:0:root:/root:/bin/bash\n"
#define LINE(name, uid) name ":x:" uid ":1000::/:/bin/sh\n"
#define ALICE LINE("alice", "1000")
/* The rest of a line of shadow, after the name, or the password. */
#define DAYS ":20000:0:99999:7:::\n"
#define EXPIRED ":h:20000:0:99999:7::1:\n"

/* The current sweep. */
extern struct sweep swept;

/* As setup and teardown of a cmocka test: a store, root and alice. */
int swept_setup(void **state);
int swept_teardown(void **state);

/* Replaces both files. */
void swept_files(const char *passwd, const char *shadow);

/* Adds a token to the store. */
void swept_add(
    const struct scratch *scratch, const char *user, uid_t uid, bool local);

/* Begins a sweep; looks at all accounts, and again. */
void swept_survey(const struct scratch *scratch);
void swept_look(const struct scratch *scratch);
void swept_look_again(const struct scratch *scratch);

/* The owner, who must exist; and the number of owners. */
struct sweep_owner *swept_owner(const char *user, uid_t uid);
size_t swept_count(void);

#endif
