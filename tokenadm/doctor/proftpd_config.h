/* Settings in proftpd's configuration. */
#ifndef TOKENADM_PROFTPD_CONFIG_H
#define TOKENADM_PROFTPD_CONFIG_H

#include <stdbool.h>

#include "doctor/setting.h"

#define PROFTPD_CONFIG "/etc/proftpd/proftpd.conf"

/*
 * The last line of this setting, in the order in which proftpd reads its files:
 * for the whole server the last line wins. Lines that depend on a Define, a
 * class or an absent module count as well. False: there is none.
 */
bool proftpd_config_find(const char *name, struct setting *setting);

/* The same; values gets all that follows the name, unless it is NULL. */
#define PROFTPD_VALUES_SIZE 512
bool proftpd_config_read(const char *name, struct setting *setting,
    char values[PROFTPD_VALUES_SIZE]);

/* Whether there is such a line, and it turns something off. */
bool proftpd_config_is_off(const char *name, struct setting *setting);

#endif
