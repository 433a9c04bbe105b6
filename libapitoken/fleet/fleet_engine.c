#include "fleet/fleet_engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
fleet_engine_heads_free(struct fleet_engine_heads *heads)
{
	free(heads->each);
	*heads = (struct fleet_engine_heads){0};
}

void
fleet_engine_list_free(struct fleet_engine_list *list)
{
	fleet_list_free(&list->list);
	free(list->bytes);
	*list = (struct fleet_engine_list){0};
}

const struct fleet_engine_head *
fleet_engine_heads_find(
    const struct fleet_engine_heads *heads, const char *issuer)
{
	for (size_t i = 0; i < heads->count; i++) {
		if (strcmp(heads->each[i].issuer, issuer) == 0)
			return &heads->each[i];
	}
	return NULL;
}

struct fleet_engine_head *
fleet_engine_heads_add(struct fleet_engine_heads *heads, const char *issuer)
{
	struct fleet_engine_head *grown = reallocarray(
	    heads->each, heads->count + 1, sizeof(*heads->each));

	if (grown == NULL)
		return NULL;
	heads->each = grown;
	grown += heads->count++;
	*grown = (struct fleet_engine_head){.rc = ERR_INVALID};
	(void)snprintf(grown->issuer, sizeof(grown->issuer), "%s", issuer);
	return grown;
}

void
fleet_engine_head_set(
    struct fleet_engine_head *head, const char *text, size_t len)
{
	size_t used = 0;

	head->rc = fleet_head_read(&head->head, text, len, &used);
	if (head->rc == ERR_OK && used == len &&
	    strcmp(head->head.issuer, head->issuer) == 0) {
		memcpy(head->text, text, len);
		head->text[len] = '\0';
		return;
	}
	if (head->rc == ERR_OK)
		head->rc = ERR_INVALID;
	head->head = (struct fleet_head){0};
	head->text[0] = '\0';
	if (head->rc == ERR_NEWER)
		(void)error_set(&head->why, head->rc,
		    "issuer %s: its head was written by a newer version; "
		    "upgrade this machine's pam_apitoken",
		    head->issuer);
	else
		(void)error_set(&head->why, head->rc,
		    "issuer %s: its head is not understood, or not signed "
		    "right",
		    head->issuer);
}
