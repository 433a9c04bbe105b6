/*
 * A module that calls another and notes what it returned, which libpam tells
 * nobody. Its first argument is the path of the other; the number is left in
 * the PAM environment as SHIM_CODE. The hook's own result is passed on.
 */
#include <dlfcn.h>
#include <stdio.h>

#pragma GCC visibility push(default)
#include <security/pam_modules.h>
#pragma GCC visibility pop

/* A program that has these is told of each call of the other. */
#pragma GCC visibility push(default)
__attribute__((weak)) void host_before_hook(const char *name);
__attribute__((weak)) void host_after_hook(const char *name);
#pragma GCC visibility pop

typedef int hook(pam_handle_t *pamh, int flags, int argc, const char **argv);

static int
call(const char *name, pam_handle_t *pamh, int flags, int argc,
    const char **argv)
{
	void *module = argc > 0 ? dlopen(argv[0], RTLD_NOW) : NULL;
	char noted[32];
	hook *real;
	int code;

	if (module == NULL) {
		fprintf(stderr, "pam_shim: %s\n", dlerror());
		return PAM_OPEN_ERR;
	}
	/* ISO C has no cast from an object to a function; POSIX means this. */
	*(void **)&real = dlsym(module, name);
	if (real == NULL)
		return PAM_SYMBOL_ERR;
	if (host_before_hook != NULL)
		host_before_hook(name);
	code = real(pamh, flags, argc - 1, argv + 1);
	if (host_after_hook != NULL)
		host_after_hook(name);
	(void)snprintf(noted, sizeof(noted), "SHIM_CODE=%d", code);
	(void)pam_putenv(pamh, noted);
	(void)dlclose(module);
	return code;
}

int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return call("pam_sm_authenticate", pamh, flags, argc, argv);
}

int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return call("pam_sm_setcred", pamh, flags, argc, argv);
}

int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return call("pam_sm_acct_mgmt", pamh, flags, argc, argv);
}

int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return call("pam_sm_open_session", pamh, flags, argc, argv);
}

int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return call("pam_sm_close_session", pamh, flags, argc, argv);
}
