/* Shared by the trial*.c files. */
#ifndef APITOKEN_DAMAGE_TRIAL_IMPL_H
#define APITOKEN_DAMAGE_TRIAL_IMPL_H

#include "trial.h"

/* Seconds: lock_timeout, and what a slow machine may take on top of it. */
#define TRIAL_TIMEOUT 1
#define TRIAL_SLACK 20

/* Takes what is in the file now as the bad image. */
void trial_reread(struct trial *trial);

/* Fails unless the file has these bytes; who is named as the culprit. */
void trial_expect_file(
    const char *path, const struct image *image, const char *who);

/* The same for all files, and fails if there are others. */
void trial_expect_unchanged(const struct trial *trial, const char *who);

/*
 * Tries every token once with the core; fails if one is accepted that is not
 * allowed.
 */
void trial_log_in_by_core(struct trial *trial);

#endif
