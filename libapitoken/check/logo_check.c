#include "check/logo_check.h"

#include <string.h>

static void
judge_token(struct inventory *inventory, const struct inventory_token *token)
{
	const struct logo_list *logos = &inventory->logos;
	const struct logo_found *any = logo_list_any(logos, token->id);

	if (token->logo == 0 ||
	    logo_list_find(logos, token->id, token->logo) != NULL)
		return;
	/* That has been said. */
	if (any != NULL && any->newer)
		return;
	findings_add(inventory->findings,
	    "logo of token %s of %s: %s; the token is not; --repair brings it "
	    "back from a copy, or takes it away if there is none",
	    token->id, token->user->name, any != NULL ? "damaged" : "missing");
}

/* is_first: the one before it in the list is not the same. */
static void
judge_logo(
    struct inventory *inventory, const struct logo_found *logo, bool is_first)
{
	const struct inventory_token *token = inventory_token(
	    inventory, logo->id);
	const char *what = NULL;

	if (logo->newer)
		return;
	if (token == NULL && !inventory_has_id(inventory, logo->id))
		what = "left behind by a token that is gone";
	else if (token != NULL && token->logo == 0)
		what = "left behind, since its token has none";
	else if (token != NULL && (logo->mark != token->logo || !is_first) &&
	    logo_list_find(&inventory->logos, token->id, token->logo) != NULL)
		what = "there is another beside the one that its record names";
	if (what != NULL)
		findings_add(inventory->findings,
		    "logo of token %s: %s; --repair takes it away", logo->id,
		    what);
}

void
logo_check(struct inventory *inventory)
{
	const struct logo_list *logos = &inventory->logos;

	for (size_t i = 0; i < inventory->token_count; i++) {
		const struct inventory_token *token = &inventory->tokens[i];

		if (token->sound && !token->twice)
			judge_token(inventory, token);
	}
	for (size_t i = 0; i < logos->count; i++) {
		const struct logo_found *logo = &logos->items[i];
		bool is_first = i == 0 || logo[-1].mark != logo->mark ||
		    memcmp(logo[-1].id, logo->id, TOKEN_ID_LEN) != 0;

		judge_logo(inventory, logo, is_first);
	}
}
