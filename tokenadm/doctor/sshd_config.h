/* Settings in sshd's configuration. */
#ifndef TOKENADM_SSHD_CONFIG_H
#define TOKENADM_SSHD_CONFIG_H

#include <stdbool.h>

#include "doctor/setting.h"

#define SSHD_CONFIG "/etc/ssh/sshd_config"

/*
 * The first line of this setting outside of Match blocks, in the order in which
 * sshd reads its files: the first line wins. `Match` finds the first such
 * block. False: there is none.
 */
bool sshd_config_find(const char *name, struct setting *setting);

#endif
