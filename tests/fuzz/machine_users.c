/* Accounts: root, bob, and alice in all her states. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "machine.h"
#include "userdb.h"

#define PASSWD "alice:x:2001:2001::/home/alice:/bin/sh\n"
#define GOOD "alice:$y$hash:20000::::::\n"

const struct machine_account machine_accounts[MACHINE_ACCOUNTS] = {
    {PASSWD, GOOD, 2001, ACCOUNT_ENABLED, false},
    {PASSWD, "alice:!$y$hash:20000::::::\n", 2001, ACCOUNT_DISABLED, false},
    {PASSWD, "alice:$y$hash:20000:::::1:\n", 2001, ACCOUNT_DISABLED, false},
    {PASSWD, "alice:$y$hash:100:0:1:7:1::\n", 2001, ACCOUNT_DISABLED, false},
    {PASSWD, "alice:!:20000::::::\n", 2001, ACCOUNT_ENABLED, false},
    {PASSWD, "", 2001, ACCOUNT_UNKNOWN, false},
    {PASSWD, "alice:$y$hash:2000\n", 2001, ACCOUNT_UNKNOWN, false},
    {"", GOOD, 0, ACCOUNT_UNKNOWN, false},
    {"alice:x:2099:2001::/home/alice:/bin/sh\n", GOOD, 2099, ACCOUNT_ENABLED,
	false},
    {"alice:x:2001:2001::/:/usr/sbin/nologin\n", GOOD, 2001, ACCOUNT_ENABLED,
	false},
    {PASSWD PASSWD, "alice:!$y$hash:20000::::::\n", 2001, ACCOUNT_DISABLED,
	false},
    {PASSWD, GOOD, 2001, ACCOUNT_UNKNOWN, true},
};

static char passwd[512], shadow[512];

void
machine_set_account(unsigned account)
{
	const struct machine_account *alice = &machine_accounts[account];

	machine.account = account;
	(void)snprintf(passwd, sizeof(passwd),
	    "root:x:0:0:root:/root:/bin/bash\n%s"
	    "bob:x:2002:2002::/home/bob:/bin/sh\n",
	    alice->passwd);
	(void)snprintf(shadow, sizeof(shadow),
	    "root:!:20000::::::\n%sbob:$y$hash:20000::::::\n", alice->shadow);
	userdb_passwd = (struct userdb_text){passwd, strlen(passwd)};
	userdb_shadow = (struct userdb_text){shadow, strlen(shadow)};
	userdb_failure = alice->lookups_fail ? EIO : 0;
}
