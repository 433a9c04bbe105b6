/*
 * become USER COMMAND...: set-uid root; runs the command as USER, as sudo
 * would.
 */
#include <err.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	const struct passwd *user = argc > 2 ? getpwnam(argv[1]) : NULL;

	if (user == NULL)
		errx(2, "usage: become USER COMMAND...");
	if (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 ||
	    setuid(user->pw_uid) != 0)
		err(1, "%s", argv[1]);
	(void)execvp(argv[2], argv + 2);
	err(1, "%s", argv[2]);
}
