/* Settings in sshd's configuration, and their lines. */
#ifndef TOKENADM_SSHD_CONFIG_H
#define TOKENADM_SSHD_CONFIG_H

#include <stdbool.h>

#include "doctor/setting.h"
#include "doctor/sshd_match.h"

#define SSHD_CONFIG "/etc/ssh/sshd_config"

/*
 * The first line of this setting outside of Match blocks, in the order in which
 * sshd reads its files: the first line wins. `Match` finds the first such
 * block. Old names of a setting count as well. False: there is none.
 */
bool sshd_config_find(const char *name, struct setting *setting);

/*
 * The line of this setting that counts for a login: the first in a Match block
 * for it, or else as above. *in_match says which.
 */
bool sshd_config_find_for(const struct sshd_login *login, const char *name,
    struct setting *setting, bool *in_match);

/*
 * Finds the first Match block with a setting that decides whether a token logs
 * in, and that may or may not hold for this login. login is NULL: any such
 * block. *setting is its line, the value its criteria.
 */
bool sshd_config_find_unknown(
    const struct sshd_login *login, struct setting *setting);

#endif
