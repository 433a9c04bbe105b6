#include "image.h"

#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PERMISSIONS 07777

size_t
image_add(struct image *image, bool is_directory, mode_t mode)
{
	if (image->file_count == IMAGE_FILES)
		errx(2, "too many files");
	image->files[image->file_count] = (struct image_file){
	    .is_directory = is_directory, .mode = mode & PERMISSIONS};
	return image->file_count++;
}

static struct image_name *
find(struct image *image, size_t in, const char *text)
{
	for (size_t i = 0; i < image->name_count; i++) {
		struct image_name *name = &image->names[i];

		if (name->in == in && strcmp(name->text, text) == 0)
			return name;
	}
	return NULL;
}

void
image_link(struct image *image, size_t in, const char *text, size_t file)
{
	struct image_name *name = find(image, in, text);

	if (name == NULL) {
		if (image->name_count == IMAGE_NAMES)
			errx(2, "too many names");
		name = &image->names[image->name_count++];
	}
	name->in = in;
	name->file = file;
	if (snprintf(name->text, sizeof(name->text), "%s", text) >=
	    (int)sizeof(name->text))
		errx(2, "%s: too long", text);
}

void
image_unlink(struct image *image, size_t in, const char *text)
{
	struct image_name *name = find(image, in, text);

	if (name != NULL)
		*name = image->names[--image->name_count];
}

void
image_reserve(struct image_file *file, size_t room)
{
	uint8_t *grown;

	if (room <= file->room)
		return;
	grown = realloc(file->bytes, room);
	if (grown == NULL)
		err(2, "memory");
	memset(grown + file->room, 0, room - file->room);
	file->bytes = grown;
	file->room = room;
}

void
image_resize(struct image_file *file, size_t len)
{
	image_reserve(file, len);
	if (len < file->len)
		memset(file->bytes + len, 0, file->room - len);
	file->len = len;
}

static void
read_file(struct image_file *file, const char *path, const struct stat *st)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	image_resize(file, (size_t)st->st_size);
	if (fd < 0 || read(fd, file->bytes, file->len) != (ssize_t)file->len)
		err(2, "%s", path);
	(void)close(fd);
}

static void read_directory(
    struct image *image, ino_t *inodes, size_t in, const char *path);

static void
read_entry(struct image *image, ino_t *inodes, size_t in, const char *path,
    const char *text)
{
	struct stat st;
	size_t file = 0;

	if (lstat(path, &st) != 0)
		err(2, "%s", path);
	/* A second name of a file that was seen. */
	while (file < image->file_count && inodes[file] != st.st_ino)
		file++;
	image_link(image, in, text, file);
	if (file < image->file_count)
		return;
	file = image_add(image, S_ISDIR(st.st_mode), st.st_mode);
	inodes[file] = st.st_ino;
	if (S_ISDIR(st.st_mode))
		read_directory(image, inodes, file, path);
	else
		read_file(&image->files[file], path, &st);
}

static void
read_directory(struct image *image, ino_t *inodes, size_t in, const char *path)
{
	struct dirent **entries;
	char below[PATH_MAX];
	int count = scandir(path, &entries, NULL, alphasort);

	if (count < 0)
		err(2, "%s", path);
	for (int i = 0; i < count; i++) {
		const char *text = entries[i]->d_name;

		(void)snprintf(below, sizeof(below), "%s/%s", path, text);
		if (strcmp(text, ".") != 0 && strcmp(text, "..") != 0)
			read_entry(image, inodes, in, below, text);
		free(entries[i]);
	}
	free(entries);
}

void
image_read(struct image *image, ino_t inodes[IMAGE_FILES], const char *root)
{
	ino_t seen[IMAGE_FILES] = {0};
	struct stat st;

	*image = (struct image){0};
	if (inodes == NULL)
		inodes = seen;
	if (stat(root, &st) != 0)
		err(2, "%s", root);
	inodes[image_add(image, true, st.st_mode)] = st.st_ino;
	read_directory(image, inodes, IMAGE_ROOT, root);
}

static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	return at->level == 0 ? 0 : remove(path);
}

static void
write_file(const struct image_file *file, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR);

	if (fd < 0 || write(fd, file->bytes, file->len) != (ssize_t)file->len ||
	    fchmod(fd, file->mode) != 0)
		err(2, "%s", path);
	(void)close(fd);
}

/* Writes the content of a directory; where is the path of each file. */
static void
write_directory(const struct image *image, size_t in, const char *path,
    char where[IMAGE_FILES][PATH_MAX])
{
	for (size_t i = 0; i < image->name_count; i++) {
		const struct image_name *name = &image->names[i];
		const struct image_file *file = &image->files[name->file];
		char below[PATH_MAX];

		if (name->in != in)
			continue;
		(void)snprintf(below, sizeof(below), "%s/%s", path, name->text);
		if (where[name->file][0] != '\0') {
			if (link(where[name->file], below) != 0)
				err(2, "%s", below);
			continue;
		}
		strcpy(where[name->file], below);
		if (!file->is_directory) {
			write_file(file, below);
			continue;
		}
		if (mkdir(below, file->mode) != 0)
			err(2, "%s", below);
		write_directory(image, name->file, below, where);
	}
}

void
image_write(const struct image *image, const char *root)
{
	static char where[IMAGE_FILES][PATH_MAX];

	memset(where, 0, sizeof(where));
	if (nftw(root, remove_entry, 8, FTW_PHYS | FTW_DEPTH) != 0)
		err(2, "%s", root);
	write_directory(image, IMAGE_ROOT, root, where);
}

void
image_copy(struct image *to, const struct image *from)
{
	*to = *from;
	for (size_t i = 0; i < from->file_count; i++) {
		struct image_file *file = &to->files[i];

		file->bytes = NULL;
		file->len = file->room = 0;
		image_resize(file, from->files[i].len);
		if (file->len > 0)
			memcpy(file->bytes, from->files[i].bytes, file->len);
	}
}

void
image_free(struct image *image)
{
	for (size_t i = 0; i < image->file_count; i++)
		free(image->files[i].bytes);
	*image = (struct image){0};
}

static bool
same_file(const struct image_file *a, const struct image_file *b)
{
	return a->is_directory == b->is_directory && a->mode == b->mode &&
	    a->len == b->len &&
	    (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}

/* The first name in a directory of a that b lacks or has differently. */
static const char *
missing(const struct image *a, size_t in_a, struct image *b, size_t in_b)
{
	for (size_t i = 0; i < a->name_count; i++) {
		const struct image_name *name = &a->names[i], *other;
		const char *below = NULL;

		if (name->in != in_a)
			continue;
		other = find(b, in_b, name->text);
		if (other == NULL ||
		    !same_file(&a->files[name->file], &b->files[other->file]))
			return name->text;
		if (a->files[name->file].is_directory)
			below = missing(a, name->file, b, other->file);
		if (below != NULL)
			return below;
	}
	return NULL;
}

const char *
image_difference(const struct image *a, const struct image *b)
{
	struct image left = *a, right = *b; /* find() takes no const image */
	const char *name = missing(a, IMAGE_ROOT, &right, IMAGE_ROOT);

	return name != NULL ? name : missing(b, IMAGE_ROOT, &left, IMAGE_ROOT);
}
