/*
 * The accounts of a made-up machine: what its files contain, and what name
 * services answer that read them as libc does. For programs that are linked
 * with --wrap=fopen,--wrap=getpwnam_r,--wrap=getspnam_r and
 * --wrap=name_services_begin_with_files.
 */
#ifndef APITOKEN_WORLD_H
#define APITOKEN_WORLD_H

#include <stdbool.h>
#include <stddef.h>

struct world_file {
	const char *text;
	size_t len;
	int open_error; /* opening it fails with this */
	int read_error; /* reading fails with this at the end of the text */
};

extern struct world {
	bool is_real;         /* use the real machine after all */
	bool are_files_first; /* as nsswitch.conf says */
	struct world_file passwd, shadow;
	/*
	 * Further users that the services know; upper and lower case are equal.
	 */
	const char *directory, *directory_shadow;
	int passwd_error, shadow_error; /* the services fail with these */
	size_t needed;  /* bytes; with less they return ERANGE */
	unsigned asked; /* how often getpwnam_r was called */
} world;

/* No users but those of these files; nothing fails. */
void world_set(const char *passwd, const char *shadow);

/* Replaces one file by len bytes, NULs included; the text must stay valid. */
void world_set_file(struct world_file *file, const char *text, size_t len);

#endif
