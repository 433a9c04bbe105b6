/* What vsftpd itself says of its configuration. */
#ifndef TOKENADM_VSFTPD_COMPLAINT_H
#define TOKENADM_VSFTPD_COMPLAINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct vsftpd_complaint {
	struct error text;
	size_t number;    /* of the line; 0: not known */
	bool is_spelling; /* blanks or line ends, which a command can mend */
};

/*
 * Lets vsftpd read the file and nothing else, and returns true if it does not
 * start with it. False also if it cannot be asked.
 */
bool vsftpd_complains(
    const char *program, const char *file, struct vsftpd_complaint *complaint);

/*
 * Whether vsftpd takes more of the line than was meant: a blank or a carriage
 * return at its end or beside the `=`, or a comment that is indented.
 */
bool vsftpd_is_misspelt(const char *line);

#endif
