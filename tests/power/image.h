/*
 * A small tree of files in memory: the content of a disk. As there, files and
 * names are separate: a file may have two names, or none.
 */
#ifndef TESTS_POWER_IMAGE_H
#define TESTS_POWER_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define IMAGE_FILES 64
#define IMAGE_NAMES 64
#define IMAGE_NAME_SIZE 128
#define IMAGE_ROOT 0              /* the file that is the root directory */
#define IMAGE_NOWHERE IMAGE_FILES /* the directory of files without a name */

struct image_file {
	bool is_directory;
	mode_t mode; /* permissions */
	uint8_t *bytes;
	size_t len, room; /* bytes from len on are not part of the file */
};

struct image_name {
	size_t in; /* the number of the directory */
	char text[IMAGE_NAME_SIZE];
	size_t file;
};

struct image {
	struct image_file files[IMAGE_FILES];
	struct image_name names[IMAGE_NAMES];
	size_t file_count, name_count;
};

/*
 * Reads the tree below root; sets inodes, if not NULL, to the inode number of
 * each file. An error, here and below, ends the program.
 */
void image_read(
    struct image *image, ino_t inodes[IMAGE_FILES], const char *root);

/* Replaces whatever is below root by the tree. */
void image_write(const struct image *image, const char *root);

void image_copy(struct image *to, const struct image *from);
void image_free(struct image *image);

/* Where they differ: the name; NULL: nowhere. */
const char *image_difference(const struct image *a, const struct image *b);

/* Adds a file without a name; returns its number. */
size_t image_add(struct image *image, bool is_directory, mode_t mode);

/* Gives a file a name, replacing the file that had it; or removes a name. */
void image_link(struct image *image, size_t in, const char *text, size_t file);
void image_unlink(struct image *image, size_t in, const char *text);

/* Makes room for this many bytes, which are zero. */
void image_reserve(struct image_file *file, size_t room);

/* Sets the length; what is cut off reads as zero if the file grows again. */
void image_resize(struct image_file *file, size_t len);

#endif
