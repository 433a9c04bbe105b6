/* What the files of trial.h share. */
#ifndef APITOKEN_DAMAGE_TRIAL_IMPL_H
#define APITOKEN_DAMAGE_TRIAL_IMPL_H

#include "trial.h"

/* Seconds: lock_timeout, and what a slow machine may take on top of it. */
#define TRIAL_TIMEOUT 1
#define TRIAL_SLACK 20

/* Takes what lies in the file now for the bad image. */
void trial_reread(struct trial *trial);

/* Fails unless the file has these bytes; who is to blame. */
void trial_expect_file(
    const char *path, const struct image *image, const char *who);

/* The same for all files, and there are no others. */
void trial_expect_unchanged(const struct trial *trial, const char *who);

/* Every token once, by the code that judges them; none that is not allowed. */
void trial_log_in_by_core(struct trial *trial);

#endif
