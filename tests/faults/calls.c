#include "calls.h"

#include <stddef.h>
#include <sys/syscall.h>

#define NO_LENGTH (-1)

static const struct call {
	long number;
	const char *name;
	bool is_retried;
	int length; /* which argument */
} CALLS[] = {
    {SYS_access, "access", false, NO_LENGTH},
    {SYS_brk, "brk", false, NO_LENGTH},
    {SYS_clock_nanosleep, "clock_nanosleep", true, NO_LENGTH},
    {SYS_clone, "clone", false, NO_LENGTH},
    {SYS_close, "close", false, NO_LENGTH},
    {SYS_connect, "connect", true, NO_LENGTH},
    {SYS_dup3, "dup3", true, NO_LENGTH},
    {SYS_faccessat2, "faccessat2", false, NO_LENGTH},
    {SYS_fallocate, "fallocate", true, NO_LENGTH},
    {SYS_fcntl, "fcntl", true, NO_LENGTH},
    {SYS_fdatasync, "fdatasync", false, NO_LENGTH},
    {SYS_flock, "flock", true, NO_LENGTH},
    {SYS_fstat, "fstat", false, NO_LENGTH},
    {SYS_fsync, "fsync", true, NO_LENGTH},
    {SYS_ftruncate, "ftruncate", true, NO_LENGTH},
    {SYS_getdents64, "getdents64", false, NO_LENGTH},
    {SYS_getrandom, "getrandom", true, NO_LENGTH},
    {SYS_ioctl, "ioctl", false, NO_LENGTH},
    {SYS_link, "link", false, NO_LENGTH},
    {SYS_lseek, "lseek", false, NO_LENGTH},
    {SYS_madvise, "madvise", false, NO_LENGTH},
    {SYS_mkdir, "mkdir", false, NO_LENGTH},
    {SYS_mkdirat, "mkdirat", false, NO_LENGTH},
    {SYS_mmap, "mmap", false, NO_LENGTH},
    {SYS_mprotect, "mprotect", false, NO_LENGTH},
    {SYS_mremap, "mremap", false, NO_LENGTH},
    {SYS_msync, "msync", false, NO_LENGTH},
    {SYS_munmap, "munmap", false, NO_LENGTH},
    {SYS_newfstatat, "newfstatat", false, NO_LENGTH},
    {SYS_openat, "openat", true, NO_LENGTH},
    {SYS_poll, "poll", true, NO_LENGTH},
    {SYS_prctl, "prctl", false, NO_LENGTH},
    {SYS_pread64, "pread64", true, 2},
    {SYS_prlimit64, "prlimit64", false, NO_LENGTH},
    {SYS_pwrite64, "pwrite64", true, 2},
    {SYS_read, "read", true, 2},
    {SYS_readlink, "readlink", false, NO_LENGTH},
    {SYS_rename, "rename", false, NO_LENGTH},
    {SYS_renameat, "renameat", false, NO_LENGTH},
    {SYS_renameat2, "renameat2", false, NO_LENGTH},
    {SYS_sendto, "sendto", true, NO_LENGTH},
    {SYS_socket, "socket", false, NO_LENGTH},
    {SYS_unlink, "unlink", false, NO_LENGTH},
    {SYS_unlinkat, "unlinkat", false, NO_LENGTH},
    {SYS_write, "write", true, 2},
};

static const struct call *
find(long number)
{
	for (size_t i = 0; i < sizeof(CALLS) / sizeof(CALLS[0]); i++)
		if (CALLS[i].number == number)
			return &CALLS[i];
	return NULL;
}

const char *
calls_name(long number)
{
	const struct call *call = find(number);

	return call != NULL ? call->name : "another";
}

bool
calls_can_fail(long number)
{
	switch (number) {
	case SYS_exit:
	case SYS_exit_group:
	case SYS_futex:
	case SYS_getegid:
	case SYS_geteuid:
	case SYS_getgid:
	case SYS_getpid:
	case SYS_getppid:
	case SYS_gettid:
	case SYS_getuid:
	case SYS_rt_sigaction:
	case SYS_rt_sigpending:
	case SYS_rt_sigprocmask:
	case SYS_rt_sigreturn:
	case SYS_umask:
		return false;
	default:
		return true;
	}
}

int
calls_length_argument(long number)
{
	const struct call *call = find(number);

	return call != NULL ? call->length : NO_LENGTH;
}

bool
calls_is_retried(long number)
{
	const struct call *call = find(number);

	return call != NULL && call->is_retried;
}

bool
calls_is_of_libc(long number)
{
	return number == SYS_openat || number == SYS_read ||
	    number == SYS_write;
}
