/*
 * A module that calls another one and notes its return code, which libpam does
 * not show. Its first argument is the path of the other module; the code is
 * left in the PAM environment as SHIM_CODE. The hook's own result is passed on.
 */
#include <dlfcn.h>
#include <stdio.h>

#pragma GCC visibility push(default)
#include <security/pam_modules.h>
#pragma GCC visibility pop

/* If the program defines these, they are called around each hook. */
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
	/*
	 * ISO C cannot cast an object pointer to a function pointer; POSIX can.
	 */
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
