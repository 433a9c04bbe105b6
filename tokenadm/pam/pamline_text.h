/* The lines of a file in /etc/pam.d, as libpam joins them. Pure. */
#ifndef TOKENADM_PAMLINE_TEXT_H
#define TOKENADM_PAMLINE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The longest line, with its continuation lines, that Linux-PAM 1.5 reads
 * whole. It takes the rest as a separate line.
 */
#define PAMLINE_TEXT_MAX 1022

struct pamline_text {
	const char *at, *end;
	bool is_1_5;    /* read as Linux-PAM 1.5 does (pam_version.h) */
	size_t number;  /* lines taken so far */
	size_t begun;   /* first line of the last one, from 1 */
	size_t long_at; /* a line on the way that was too long; 0: none */
	bool is_cut;    /* the text ended with a continued line */
};

/*
 * Takes the next non-empty line, without its comment and joined with its
 * continuation lines. A buffer of the text's size plus one is enough, with the
 * NUL. The line is empty if nothing is left but a comment that is too long.
 * False at the end.
 */
bool pamline_text_next(struct pamline_text *text, char *buffer, size_t size);

#endif
