/* What is wrong with the text of a token. Pure. */
#ifndef TOKENADM_TOKEN_FAULT_H
#define TOKENADM_TOKEN_FAULT_H

#include <stddef.h>

/* Says why a text is not a token, without quoting it; "" if it is one. */
void token_fault_text(char *why, size_t size, const char *token);

#endif
