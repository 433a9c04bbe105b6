/* A setting of another program, and its position. */
#ifndef TOKENADM_SETTING_H
#define TOKENADM_SETTING_H

#include <stddef.h>

struct setting {
	char file[512];
	size_t number;  /* of the line */
	char value[64]; /* its first word, truncated */
};

#endif
