/* Where in sshd's configuration something stands. */
#ifndef TOKENADM_SSHD_CONFIG_H
#define TOKENADM_SSHD_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#define SSHD_CONFIG "/etc/ssh/sshd_config"

struct sshd_place {
	char file[512];
	size_t number; /* of the line */
};

/*
 * The first line of this setting outside of Match blocks, in the order in
 * which sshd reads its files: that is the one which counts. `Match` finds the
 * first of these blocks. False: there is none.
 */
bool sshd_config_find(const char *name, struct sshd_place *place);

#endif
