#include "inject.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "calls.h"

static const struct inject *armed; /* NULL: nothing is to happen */
static struct inject_seen *seen;

/* Counts one of a kind; true if it is to fail. */
static bool
next(enum inject_kind kind, unsigned *count, long number)
{
	++*count;
	if (armed->kind != kind || armed->at == 0)
		return false;
	if (*count == armed->at) {
		seen->hit = true;
		seen->number = number;
		return true;
	}
	return seen->hit && armed->stays && seen->number == number;
}

bool
inject_next_allocation(void)
{
	return armed != NULL && next(INJECT_ALLOCATION, &seen->allocations, -1);
}

void
inject_arm(const struct inject *inject, struct inject_seen *to)
{
	seen = to;
	armed = inject;
}

void
inject_disarm(void)
{
	armed = NULL;
}

#ifdef __x86_64__

#define ARGUMENTS 6

/* A system call without libc, where the filter does not see it. */
static long
call_kernel(long number, const greg_t with[ARGUMENTS])
{
	long result;

	/* Each version of clang-format has its own way with operands. */
	/* clang-format off */
	__asm__ volatile("movq %5, %%r10\n\t"
			 "movq %6, %%r8\n\t"
			 "movq %7, %%r9\n\t"
			 "syscall"
			 : "=a"(result)
			 : "a"(number), "D"(with[0]), "S"(with[1]),
			 "d"(with[2]), "m"(with[3]), "m"(with[4]), "m"(with[5])
			 : "rcx", "r8", "r9", "r10", "r11", "memory");
	/* clang-format on */
	return result;
}

/*
 * The signal mask is restored from the context when the handler returns.
 * Without this signal, the next intercepted call would end the process.
 */
static long
set_mask(ucontext_t *context, const greg_t with[ARGUMENTS])
{
	const uint64_t *set = (const uint64_t *)with[1];
	uint64_t *old = (uint64_t *)with[2];
	uint64_t mask, change;

	memcpy(&mask, &context->uc_sigmask, sizeof(mask));
	if (old != NULL)
		*old = mask;
	if (set == NULL)
		return 0;
	change = *set;
	if (with[0] == SIG_BLOCK)
		mask |= change;
	else if (with[0] == SIG_UNBLOCK)
		mask &= ~change;
	else
		mask = change;
	mask &= ~(UINT64_C(1) << (SIGSYS - 1));
	memcpy(&context->uc_sigmask, &mask, sizeof(mask));
	return 0;
}

#define SECTOR 512

/* A disk writes no less than a sector if the sector exists already. */
static greg_t
least_cut(long number)
{
	return number == SYS_pwrite64 ? SECTOR : 1;
}

/* The call that must fail. */
static long
fail(long number, greg_t with[ARGUMENTS])
{
	int length = calls_length_argument(number);

	if (armed->error == INJECT_KILL) {
		const greg_t killing[ARGUMENTS] = {getpid(), SIGKILL};

		return call_kernel(SYS_kill, killing);
	}
	if (armed->error == INJECT_SHORT) {
		if (length >= 0 && with[length] > least_cut(number))
			with[length] /= 2;
		return call_kernel(number, with);
	}
	/* Of fcntl's commands, only those that lock can be interrupted. */
	if (number == SYS_fcntl && armed->error == EINTR &&
	    with[1] != F_OFD_SETLK)
		return call_kernel(number, with);
	/* It signals failure by changing nothing: brk(2), notes. */
	if (number == SYS_brk) {
		with[0] = 0;
		return call_kernel(number, with);
	}
	/* The descriptor is gone, whatever the result: close(2). */
	if (number == SYS_close)
		(void)call_kernel(number, with);
	return -armed->error;
}

static void
on_call(int signal_number, siginfo_t *info, void *arg)
{
	static const int REGISTERS[] = {
	    REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
	ucontext_t *context = arg;
	greg_t *registers = context->uc_mcontext.gregs;
	long number = info->si_syscall;
	greg_t with[ARGUMENTS];
	int error = errno;

	(void)signal_number;
	for (size_t i = 0; i < ARGUMENTS; i++)
		with[i] = registers[REGISTERS[i]];
	if (number == SYS_rt_sigprocmask)
		registers[REG_RAX] = set_mask(context, with);
	else if (number == SYS_rt_sigaction && with[0] == SIGSYS)
		registers[REG_RAX] = 0; /* it stays ours, whoever asks */
	else if (armed != NULL && calls_can_fail(number) &&
	    next(INJECT_CALL, &seen->calls, number))
		registers[REG_RAX] = fail(number, with);
	else
		registers[REG_RAX] = call_kernel(number, with);
	errno = error;
}

/* The code that makes system calls: libc and the linker. */
#define RANGES 2

struct ranges {
	uint64_t from[RANGES], to[RANGES];
	size_t count;
};

static int
find_code(struct dl_phdr_info *object, size_t size, void *arg)
{
	struct ranges *ranges = arg;

	(void)size;
	if (strstr(object->dlpi_name, "/libc.so") == NULL &&
	    strstr(object->dlpi_name, "/ld-linux") == NULL)
		return 0;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];

		if (part->p_type != PT_LOAD || (part->p_flags & PF_X) == 0 ||
		    ranges->count == RANGES)
			continue;
		ranges->from[ranges->count] = object->dlpi_addr + part->p_vaddr;
		ranges->to[ranges->count] = ranges->from[ranges->count] +
		    part->p_memsz;
		ranges->count++;
	}
	return 0;
}

#define PROGRAM_MAX 64

struct program {
	struct sock_filter steps[PROGRAM_MAX];
	unsigned short count;
};

static void
add(struct program *program, unsigned code, uint32_t value, unsigned if_true,
    unsigned if_false)
{
	program->steps[program->count++] = (struct sock_filter){
	    (uint16_t)code, (uint8_t)if_true, (uint8_t)if_false, value};
}

#define LOAD(program, at) add(program, BPF_LD | BPF_W | BPF_ABS, at, 0, 0)
#define RETURN(program, what) add(program, BPF_RET | BPF_K, what, 0, 0)
#define HERE offsetof(struct seccomp_data, instruction_pointer)

/*
 * Returns this answer for one number; with flags, only if the first argument
 * has them.
 */
static void
add_exception(
    struct program *program, long number, uint32_t flags, unsigned answer)
{
	LOAD(program, offsetof(struct seccomp_data, nr));
	add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0,
	    flags != 0 ? 3 : 1);
	if (flags != 0) {
		LOAD(program, offsetof(struct seccomp_data, args[0]));
		add(program, BPF_JMP | BPF_JSET | BPF_K, flags, 0, 1);
	}
	RETURN(program, answer);
}

/* Skips the next `skip` steps if the address is below a bound. */
static void
add_below(struct program *program, uint64_t bound, unsigned skip)
{
	LOAD(program, HERE + 4);
	add(program, BPF_JMP | BPF_JGT | BPF_K, (uint32_t)(bound >> 32), 3, 0);
	add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(bound >> 32), 0,
	    skip + 2);
	LOAD(program, HERE);
	add(program, BPF_JMP | BPF_JGE | BPF_K, (uint32_t)bound, 0, skip);
}

/* Calls from this range are intercepted. */
static void
add_range(struct program *program, uint64_t from, uint64_t to)
{
	/* Not below `from`, but below `to`. */
	add_below(program, from, 7);
	add_below(program, to, 1);
	add(program, BPF_JMP | BPF_JA, 1, 0, 0);
	RETURN(program, SECCOMP_RET_TRAP);
}

static bool
install_filter(void)
{
	struct program program = {.count = 0};
	struct ranges ranges = {.count = 0};
	struct sock_fprog given = {.filter = program.steps};

	(void)dl_iterate_phdr(find_code, &ranges);
	/*
	 * A handler's return; calls with a stack of their own; calls without.
	 */
	add_exception(&program, SYS_rt_sigreturn, 0, SECCOMP_RET_ALLOW);
	add_exception(&program, SYS_clone, CLONE_VM, SECCOMP_RET_ALLOW);
	add_exception(&program, SYS_clone3, 0, SECCOMP_RET_ERRNO | ENOSYS);
	for (size_t i = 0; i < ranges.count; i++)
		add_range(&program, ranges.from[i], ranges.to[i]);
	RETURN(&program, SECCOMP_RET_ALLOW);
	given.len = program.count;
	return ranges.count == RANGES &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &given) == 0;
}

bool
inject_start(void)
{
	struct sigaction action = {
	    .sa_sigaction = on_call, .sa_flags = SA_SIGINFO};

	(void)sigemptyset(&action.sa_mask);
	return sigaction(SIGSYS, &action, NULL) == 0 && install_filter();
}

#else

bool
inject_start(void)
{
	return false;
}

#endif
