/*
 * The accounts of a machine that a test makes up: what its files say, and
 * what name services answer that read them as libc does. For programs that are
 * linked with --wrap=fopen,--wrap=getpwnam_r,--wrap=getspnam_r.
 */
#ifndef APITOKEN_WORLD_H
#define APITOKEN_WORLD_H

#include <stdbool.h>
#include <stddef.h>

struct world_file {
	const char *text;
	size_t len;
	int open_error; /* opening it fails so */
	int read_error; /* reading on fails so, where the text ends */
};

extern struct world {
	bool is_real; /* the machine that the test runs on, after all */
	struct world_file passwd, shadow;
	/* What the services know of further users; in any case of letters. */
	const char *directory, *directory_shadow;
	int passwd_error, shadow_error; /* the services fail so */
	size_t needed;  /* bytes; with less their answer is ERANGE */
	unsigned asked; /* how often getpwnam_r was called */
} world;

/* No users but those of these files; nothing fails. */
void world_set(const char *passwd, const char *shadow);

/* One file anew, of len bytes, NULs included; the text has to stay. */
void world_set_file(struct world_file *file, const char *text, size_t len);

#endif
