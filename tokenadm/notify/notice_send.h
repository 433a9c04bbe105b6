/* Sends notices as [notify] of the config says. */
#ifndef TOKENADM_NOTICE_SEND_H
#define TOKENADM_NOTICE_SEND_H

#include "config/config.h"
#include "notify/notice.h"
#include "notify/notice_program.h"

/* Programs that hang, in a row, until the channel is given up for this run. */
#define NOTICE_HANGS_MAX 3

struct notice_post {
	const char *words[NOTICE_CHANNELS][NOTICE_WORDS_MAX + 1];
	char command[CONFIG_PATH_MAX + 1];
	enum err rc[NOTICE_CHANNELS]; /* whether the program can be run */
	int hangs[NOTICE_CHANNELS];   /* in a row */
	const char *by;               /* for the log */
};

/*
 * Reads the config, and checks the programs. What is wrong with one is logged,
 * and said on standard error; the other is used all the same.
 */
void notice_post_begin(
    struct notice_post *post, const struct config *config, const char *by);

/* A notice_sender; arg is the post. A failure is logged. */
notice_sender notice_post_send;

#endif
