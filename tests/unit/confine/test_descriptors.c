/*
 * descriptors.h: the open descriptors by which a confined session could change
 * files. Each is judged in a process that has nothing else open.
 */
#include "confine/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define JUDGED 9 /* the descriptor that is judged */
#define ANSWER 3 /* a pipe to the test */

#define EXECUTES 1u  /* the session executes programs */
#define CLOEXEC 2u   /* the descriptor is close-on-exec */
#define OWN 4u       /* the session runs as the file's owner */
#define READ_ONLY 8u /* the mount is read-only */
#define SHARED 16u   /* group or others may write */

struct row {
	const char *what;
	int (*open)(void);
	unsigned how;
	const char *refusal; /* NULL: it is accepted */
};

struct question {
	const struct row *row;
	const char *directory;
	int out;
};

struct answer {
	enum err rc;
	struct error why;
};

static bool is_read_only;

int __real_fstatvfs(int fd, struct statvfs *status);
int __wrap_fstatvfs(int fd, struct statvfs *status);

/* By the linker's --wrap: only root can mount. */
int
__wrap_fstatvfs(int fd, struct statvfs *status)
{
	int rc = __real_fstatvfs(fd, status);

	status->f_flag &= ~(unsigned long)ST_RDONLY;
	if (is_read_only)
		status->f_flag |= ST_RDONLY;
	return rc;
}

/* Things to open; those with a path are in the scratch directory. */

static int
a_pipe(void)
{
	int fds[2];

	return pipe(fds) == 0 ? fds[1] : -1;
}

static int
a_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int
memory(void)
{
	return memfd_create("x", 0);
}

static int
events(void)
{
	return epoll_create1(0);
}

static int
a_namespace(void)
{
	return open("/proc/self/ns/mnt", O_RDONLY);
}

static int
the_null_device(void)
{
	return open("/dev/null", O_RDWR);
}

static int
a_master(void)
{
	return posix_openpt(O_RDWR | O_NOCTTY);
}

static int
a_terminal(void)
{
	int master = a_master();

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		return -1;
	return open(ptsname(master), O_RDWR | O_NOCTTY);
}

/* The terminal's master is gone. */
static int
a_dead_terminal(void)
{
	int fd = a_terminal();

	for (int other = ANSWER + 1; other < fd; other++)
		(void)close(other);
	return fd;
}

static int
a_directory(void)
{
	return open(".", O_RDONLY | O_DIRECTORY);
}

static int
a_path_to_a_directory(void)
{
	return open(".", O_PATH);
}

static int
a_file(void)
{
	return open("file", O_RDONLY);
}

static int
a_file_to_write(void)
{
	return open("file", O_WRONLY);
}

static int
a_path_to_a_file(void)
{
	return open("file", O_PATH);
}

static int
a_removed_file(void)
{
	int fd = open("removed", O_RDONLY | O_CREAT, 0600);

	(void)unlink("removed");
	return fd;
}

static int
a_fifo(void)
{
	(void)mkfifo("fifo", 0600);
	return open("fifo", O_RDONLY | O_NONBLOCK);
}

static int
a_link(void)
{
	if (symlink("file", "link") != 0)
		return -1;
	return open("link", O_PATH | O_NOFOLLOW);
}

static int
a_path_to_a_socket(void)
{
	struct sockaddr_un address = {AF_UNIX, "socket"};

	/* It may be there already. */
	if (bind(a_socket(), (struct sockaddr *)&address, sizeof(address)) !=
		0 &&
	    errno != EADDRINUSE)
		return -1;
	return open("socket", O_PATH);
}

static int
another_device(void)
{
	return open("/dev/kmsg", O_PATH);
}

static const struct row ROWS[] = {
    {"a pipe", a_pipe, EXECUTES | OWN, NULL},
    {"a socket", a_socket, EXECUTES | OWN, NULL},
    {"memory", memory, EXECUTES | OWN, NULL},
    {"epoll", events, EXECUTES | OWN, NULL},
    {"a namespace", a_namespace, EXECUTES | OWN, NULL},
    {"/dev/null", the_null_device, EXECUTES | OWN, NULL},
    {"a master", a_master, EXECUTES, NULL},
    {"a terminal", a_terminal, EXECUTES, NULL},
    {"a terminal, hung up", a_dead_terminal, EXECUTES, NULL},

    {"a directory", a_directory, EXECUTES, "a directory"},
    {"a directory, no exec", a_directory, 0, "a directory"},
    {"a directory, cloexec", a_directory, EXECUTES | CLOEXEC, "a directory"},
    {"a directory, ro", a_directory, EXECUTES | READ_ONLY, "a directory"},
    {"its path", a_path_to_a_directory, EXECUTES, "a directory"},

    {"to write", a_file_to_write, EXECUTES, "for writing"},
    {"to write, ro", a_file_to_write, EXECUTES | READ_ONLY, "for writing"},
    {"to write, cloexec", a_file_to_write, EXECUTES | CLOEXEC, NULL},
    {"to write, no exec", a_file_to_write, 0, NULL},
    {"own, to write, no exec", a_file_to_write, OWN, "on a writable mount"},
    {"own, to write, cloexec", a_file_to_write, EXECUTES | OWN | CLOEXEC,
	"on a writable mount"},
    {"shared, no exec", a_file, SHARED, "on a writable mount"},
    {"shared, cloexec", a_file, EXECUTES | SHARED | CLOEXEC,
	"on a writable mount"},
    {"shared, ro", a_file, EXECUTES | SHARED | READ_ONLY, NULL},

    {"a file", a_file, EXECUTES, "on a writable mount"},
    {"a file, ro", a_file, EXECUTES | OWN | READ_ONLY, NULL},
    {"a file, cloexec", a_file, EXECUTES | CLOEXEC, NULL},
    {"a file, no exec", a_file, 0, NULL},
    {"own, no exec", a_file, OWN, "on a writable mount"},
    {"its path", a_path_to_a_file, EXECUTES, "on a writable mount"},
    {"removed", a_removed_file, EXECUTES, "on a writable mount"},
    {"a FIFO", a_fifo, EXECUTES, "on a writable mount"},
    {"a link", a_link, EXECUTES, "on a writable mount"},
    {"a socket's path", a_path_to_a_socket, EXECUTES, "on a writable mount"},

    {"a device", another_device, EXECUTES, "a device"},
    {"a device, ro", another_device, EXECUTES | READ_ONLY, "a device"},
    {"a device, no exec", another_device, READ_ONLY, NULL},
};

/* Opens it as JUDGED; nothing else is open but pipes and /dev/null. */
static bool
prepare(const struct row *row)
{
	int null = open("/dev/null", O_RDWR), fd;

	for (int i = 0; i < ANSWER; i++)
		(void)dup2(null, i);
	for (fd = ANSWER + 1; fd < 256; fd++)
		(void)close(fd);
	fd = row->open();
	if (fd < 0 ||
	    dup3(fd, JUDGED, (row->how & CLOEXEC) ? O_CLOEXEC : 0) < 0)
		return false;
	(void)close(fd);
	return true;
}

static int
judge(void *arg)
{
	const struct question *question = arg;
	const struct row *row = question->row;
	uid_t uid = geteuid() + ((row->how & OWN) ? 0 : 1);
	struct answer answer = {ERR_INTERNAL, {"not opened"}};

	CHILD_REQUIRE(dup2(question->out, ANSWER) == ANSWER);
	CHILD_REQUIRE(chdir(question->directory) == 0);
	CHILD_REQUIRE(chmod("file", (row->how & SHARED) ? 0620 : 0600) == 0);
	is_read_only = (row->how & READ_ONLY) != 0;
	if (prepare(row)) {
		answer.why.text[0] = '\0';
		answer.rc = descriptors_check(
		    uid, (row->how & EXECUTES) != 0, &answer.why);
	}
	return write(ANSWER, &answer, sizeof(answer)) != sizeof(answer);
}

static struct answer
ask(const struct row *row, const char *directory)
{
	struct answer answer = {ERR_INTERNAL, {"nothing came"}};
	struct question question = {row, directory};
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	question.out = fds[1];
	child_expect_success(child_start(judge, &question));
	assert_int_equal(read(fds[0], &answer, sizeof(answer)), sizeof(answer));
	(void)close(fds[0]);
	(void)close(fds[1]);
	return answer;
}

static void
test_each(void **state)
{
	const struct scratch *scratch = *state;

	scratch_write(scratch_path(scratch, "file"), "x", 1, 0600);
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		const struct row *row = &ROWS[i];
		struct answer answer = ask(row, scratch->directory);
		const char *text = answer.why.text;

		print_message("%s: %s\n", row->what, text);
		if (row->open == another_device && access("/dev/kmsg", F_OK))
			continue;
		if (row->refusal == NULL) {
			assert_row(row->what, answer.rc == ERR_OK);
			continue;
		}
		assert_row(row->what, answer.rc == ERR_REFUSED);
		assert_row(row->what, strstr(text, row->refusal) != NULL);
		assert_row(row->what, strstr(text, "(descriptor 9)") != NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_each, scratch_setup, scratch_teardown),
	};

	return unit_run(tests);
}
