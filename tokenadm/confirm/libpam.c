#include "confirm/libpam.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libpam.so.0"

static enum err
failed(struct error *why)
{
	return error_set(why, ERR_SYSTEM, "%s", dlerror());
}

enum err
libpam_load(struct libpam *pam, struct error *why)
{
	const struct {
		const char *name;
		void *place;
	} functions[] = {
	    {"pam_start", &pam->start},
	    {"pam_authenticate", &pam->authenticate},
	    {"pam_acct_mgmt", &pam->acct_mgmt},
	    {"pam_get_item", &pam->get_item},
	    {"pam_end", &pam->end},
	};
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return failed(why);
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *function = dlsym(library, functions[i].name);

		if (function == NULL)
			return failed(why);
		/* A conversion that C does not have: dlopen(3). */
		memcpy(functions[i].place, &function, sizeof(function));
	}
	return ERR_OK;
}
