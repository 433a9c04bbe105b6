/*
 * holdlock FILE [reader]: takes a store's lock as a writer does, or as a
 * reader, who keeps out writers only; reports that, and keeps it until its
 * standard input ends.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char byte;
	int fd;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: holdlock FILE [reader]\n");
		return 2;
	}
	if (argc == 3)
		/* Past the gate: libapitoken/store/lock.c. */
		lock = (struct flock){.l_type = F_RDLCK,
		    .l_whence = SEEK_SET,
		    .l_start = 1,
		    .l_len = 1};
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0 || fcntl(fd, F_OFD_SETLKW, &lock) < 0)
		err(1, "%s", argv[1]);
	(void)puts("held");
	(void)fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	return 0;
}
