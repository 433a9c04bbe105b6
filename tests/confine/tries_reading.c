/* What a session is for: what programs do without changing a file. */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <pty.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tries.h"

static int
read_file(void)
{
	char byte;
	int fd = open("file", O_RDONLY);

	return fd < 0 ? errno : outcome(read(fd, &byte, 1));
}

static int
look_at_file(void)
{
	struct stat status;

	return outcome(stat("file", &status));
}

static int
list_directory(void)
{
	DIR *dir = opendir(".");

	return dir == NULL || readdir(dir) == NULL ? errno : 0;
}

static int
read_link(void)
{
	char text[64];

	return outcome(readlink("to-file", text, sizeof(text)));
}

static int
read_attribute(void)
{
	char value;

	return outcome(getxattr("file", "user.old", &value, 1));
}

static int
map_file(void)
{
	int fd = open("file", O_RDONLY);

	return mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0) ==
		MAP_FAILED
	    ? errno
	    : 0;
}

static int
watch(void)
{
	return outcome(inotify_add_watch(inotify_init(), ".", IN_MODIFY));
}

static int
leave_directory(void)
{
	return outcome(chdir("empty")) != 0 ? errno : outcome(chdir(".."));
}

static int
run(const char *command)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		(void)execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	return waitpid(pid, &status, 0) != pid || status != 0 ? ECHILD : 0;
}

static int
execute(void)
{
	return run("exec /bin/true");
}

static int
pipe_through_shell(void)
{
	return run("tar cf - file | tar tf - >/dev/null");
}

static int
redirect(void)
{
	return run("echo x >/dev/null && echo x >>/dev/null 2>&1");
}

static int
substitute_processes(void)
{
	return run("exec bash -c 'cat <(echo x) > >(cat >/dev/null)'");
}

static int
here_document(void)
{
	return run("cat <<END >/dev/null\nx\nEND");
}

static int
read_devices(void)
{
	char bytes[2];

	return outcome(read(open("/dev/zero", O_RDONLY), bytes, 1)) != 0
	    ? errno
	    : outcome(read(open("/dev/urandom", O_RDWR), bytes, 1));
}

/* As sshd's child does: its own terminal, by name. */
static int
use_terminal(void)
{
	char name[64];
	int master, slave, tty;

	if (openpty(&master, &slave, name, NULL, NULL) != 0 || setsid() == -1 ||
	    ioctl(slave, TIOCSCTTY, 0) != 0)
		return errno;
	tty = open("/dev/tty", O_RDWR);
	if (tty < 0 || open(name, O_RDWR) < 0)
		return errno;
	if (ioctl(tty, TIOCSWINSZ, &(struct winsize){24, 80, 0, 0}) != 0)
		return errno;
	return outcome(write(tty, "x", 1));
}

/* A server that takes just one connection. */
static int
connect_to_itself(int family, const struct sockaddr *address, socklen_t len)
{
	struct sockaddr_storage bound;
	int server = socket(family, SOCK_STREAM, 0);

	if (bind(server, address, len) != 0 || listen(server, 1) != 0)
		return errno;
	len = sizeof(bound);
	if (getsockname(server, (struct sockaddr *)&bound, &len) != 0)
		return errno;
	return outcome(connect(
	    socket(family, SOCK_STREAM, 0), (struct sockaddr *)&bound, len));
}

static int
use_network(void)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	return connect_to_itself(
	    AF_INET, (struct sockaddr *)&address, sizeof(address));
}

static int
own_abstract_socket(void)
{
	struct sockaddr_un address = {AF_UNIX, "\0own"};

	return connect_to_itself(
	    AF_UNIX, (struct sockaddr *)&address, sizeof(address));
}

static int
signal_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		(void)pause();
	return kill(pid, SIGKILL) != 0 ? errno : outcome(waitpid(pid, NULL, 0));
}

static int
trace_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		(void)pause();
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0)
		return errno;
	return outcome(kill(pid, SIGKILL));
}

static void *
nothing(void *arg)
{
	return arg;
}

static int
start_thread(void)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, nothing, NULL);
	return errno != 0 ? errno : pthread_join(thread, NULL);
}

/* Memory that has a name in /proc only. */
static int
memory_file(void)
{
	char path[64];
	int fd = memfd_create("x", 0);

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return outcome(ftruncate(open(path, O_RDWR), 4096));
}

static int
own_sysv_memory(void)
{
	return outcome(shmctl(shmget(IPC_PRIVATE, 1, 0600), IPC_RMID, NULL));
}

static int
find_user(void)
{
	return getpwuid(getuid()) == NULL ? ESRCH : 0;
}

static int
read_other_process(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", outside_find().pid);
	return outcome(open(path, O_RDONLY));
}

static int
list_hidden(void)
{
	return opendir("/tmp") == NULL || opendir("/run") == NULL ? errno : 0;
}

const struct try tries_reading[] = {
    {"works", "read a file", read_file},
    {"works", "stat", look_at_file},
    {"works", "list a directory", list_directory},
    {"works", "readlink", read_link},
    {"works", "getxattr", read_attribute},
    {"works", "map a file", map_file},
    {"works", "inotify", watch},
    {"works", "chdir", leave_directory},
    {"works", "execute", execute},
    {"works", "a pipe", pipe_through_shell},
    {"works", "> /dev/null", redirect},
    {"works", "process substitution", substitute_processes},
    {"works", "a here document", here_document},
    {"works", "/dev/zero, /dev/urandom", read_devices},
    {"works", "a terminal of its own", use_terminal},
    {"works", "the network", use_network},
    {"works", "an abstract socket of its own", own_abstract_socket},
    {"works", "a signal to a child", signal_child},
    {"works", "ptrace of a child", trace_child},
    {"works", "threads", start_thread},
    {"works", "a file in memory", memory_file},
    {"works", "System V memory of its own", own_sysv_memory},
    {"works", "names of users", find_user},
    {"works", "/proc of other processes", read_other_process},
    {"works", "list /run and /tmp", list_hidden},
    {0},
};
