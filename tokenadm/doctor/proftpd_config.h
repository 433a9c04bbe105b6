/* What proftpd's configuration says, and where. */
#ifndef TOKENADM_PROFTPD_CONFIG_H
#define TOKENADM_PROFTPD_CONFIG_H

#include <stdbool.h>

#include "doctor/setting.h"

#define PROFTPD_CONFIG "/etc/proftpd/proftpd.conf"

/*
 * The last line of this setting, in the order in which proftpd reads its
 * files: that is the one which counts for the whole server. What a Define, a
 * class or an absent module would leave out is taken to count. False: there is
 * none.
 */
bool proftpd_config_find(const char *name, struct setting *setting);

#endif
