/* A notice as JSON, as a mail, and in words. Never the token's secret. */
#ifndef TOKENADM_NOTICE_TEXT_H
#define TOKENADM_NOTICE_TEXT_H

#include "notify/notice.h"

struct json_t;

/* What to type to get a new token, or this one back. */
#define NOTICE_NEXT_SIZE 64
void notice_next(const struct notice *notice, char text[NOTICE_NEXT_SIZE]);

/* `expires` or `ended`. */
const char *notice_kind_name(enum notice_kind kind);

/* The object; its keys are described in tokenadm(8). NULL without memory. */
struct json_t *notice_json(const struct notice *notice);

/*
 * A mail to the owner, with its head. The caller frees *text. ERR_NOMEM, or
 * ERR_INVALID: no mail goes to such a user name.
 */
enum err notice_mail(
    const struct notice *notice, char **text, struct error *why);

#endif
