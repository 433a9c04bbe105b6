/*
 * withhold CALL COMMAND [ARG...]: runs the command as on a kernel that lacks a
 * system call.
 */
#include <err.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *name;
	unsigned number;
} CALLS[] = {
    {"landlock_add_rule", SYS_landlock_add_rule},
    {"landlock_create_ruleset", SYS_landlock_create_ruleset},
    {"landlock_restrict_self", SYS_landlock_restrict_self},
    {"mount_setattr", SYS_mount_setattr},
    {"move_mount", SYS_move_mount},
    {"open_tree", SYS_open_tree},
    {"openat2", SYS_openat2},
    {"fsmount", SYS_fsmount},
    {"unshare", SYS_unshare},
};

static unsigned
number_of(const char *name)
{
	for (size_t i = 0; i < sizeof(CALLS) / sizeof(CALLS[0]); i++)
		if (strcmp(CALLS[i].name, name) == 0)
			return CALLS[i].number;
	errx(2, "%s: not known", name);
}

int
main(int argc, char **argv)
{
	struct sock_filter filter[] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
	    .len = sizeof(filter) / sizeof(filter[0]),
	    .filter = filter,
	};

	if (argc < 3) {
		fprintf(stderr, "usage: withhold CALL COMMAND...\n");
		return 2;
	}
	filter[1].k = number_of(argv[1]);
	/* As root: without PR_SET_NO_NEW_PRIVS, which sshd would notice. */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		err(1, "PR_SET_SECCOMP");
	(void)execvp(argv[2], argv + 2);
	err(1, "%s", argv[2]);
}
