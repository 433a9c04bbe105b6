/*
 * The floor: a module that does the least by which a token could be known, and
 * keeps no promise. One fetch from FILE by the id in the password, and one hash
 * over it.
 *
 *	auth required pam_floor.so FILE
 */
#pragma GCC visibility push(default)
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#pragma GCC visibility pop

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
/* tdb.h needs both. */
#include <signal.h>
#include <sys/types.h>

#include <tdb.h>

#define ID_AT 4 /* atk_ */
#define ID_LEN 10

static int
hash_value(TDB_DATA key, TDB_DATA value, void *arg)
{
	(void)key;
	return crypto_generichash(
	    arg, crypto_generichash_BYTES, value.dptr, value.dsize, NULL, 0);
}

int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	unsigned char hash[crypto_generichash_BYTES],
	    key[1 + ID_LEN + 1] = {'t'};
	const char *password;
	struct tdb_context *tdb;
	int rc;

	(void)flags;
	if (argc != 1 || sodium_init() < 0 ||
	    pam_get_authtok(pamh, PAM_AUTHTOK, &password, NULL) !=
		PAM_SUCCESS ||
	    strlen(password) < ID_AT + ID_LEN)
		return PAM_AUTH_ERR;
	memcpy(key + 1, password + ID_AT, ID_LEN);
	tdb = tdb_open(
	    argv[0], 0, TDB_NOLOCK | TDB_NOMMAP, O_RDONLY | O_CLOEXEC, 0);
	if (tdb == NULL)
		return PAM_AUTHINFO_UNAVAIL;
	rc = tdb_parse_record(tdb, (TDB_DATA){.dptr = key, .dsize = 1 + ID_LEN},
	    hash_value, hash);
	(void)tdb_close(tdb);
	return rc == 0 ? PAM_SUCCESS : PAM_AUTH_ERR;
}

int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}
