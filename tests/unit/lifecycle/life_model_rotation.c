#include "life_model_rotation.h"

#include <stddef.h>

bool
model_lives(const struct model *model, enum which which)
{
	const struct model_token *token = &model->tokens[which];

	return token->is_there && token->state == GOOD &&
	    model->now < token->until;
}

bool
model_is_over(const struct model_token *token)
{
	return token->session == DEAD_SESSION ||
	    (token->has_begun &&
		(token->session == NO_SESSION || token->other_boot));
}

/* Nothing but time has ended it. */
static bool
has_merely_expired(const struct model *model, enum which which)
{
	const struct model_token *token = &model->tokens[which];

	return model->kind == LASTING && token->is_there &&
	    token->state == GOOD && model->now >= token->until;
}

/* Rotating what has expired: the two of a rotation are one. */
static bool
can_renew(const struct model *model)
{
	return has_merely_expired(model, OLD) &&
	    (!model->waits || has_merely_expired(model, NEW));
}

bool
model_rotate(struct model *model, int64_t overlap)
{
	struct model_token *first = &model->tokens[OLD],
			   *second = &model->tokens[NEW];
	const struct model_token *like = model->waits ? second : first;
	int64_t end = model->now + overlap, life = like->meant - like->from;

	if (model_is_over(first))
		first->state = TAKEN_BACK;
	if (!model->account ||
	    (!model_lives(model, OLD) && !model_lives(model, NEW) &&
		!can_renew(model)))
		return false;
	if (can_renew(model))
		life = LIFE_RENEWED;
	model->undo = (struct model_undo){
	    .is_possible = true, .first = *first, .second = *second};
	*second = (struct model_token){
	    .is_there = true,
	    .from = model->now,
	    .until = model->now + life,
	    .meant = model->now + life,
	};
	if (end < first->until)
		first->until = end;
	model->undo.cut = first->until;
	model->waits = true;
	return true;
}

bool
model_undo(struct model *model)
{
	struct model_undo back = model->undo;
	struct model_token heir = model->tokens[NEW];
	bool waited = model->waits;

	model->undo = (struct model_undo){.is_possible = false};
	if (!heir.is_there)
		return true;
	model->tokens[NEW] = (struct model_token){.is_there = false};
	model->waits = false;
	if (!waited)
		return true;
	if (!back.first_edited)
		model->tokens[OLD].until = back.first.until;
	if (!back.second.is_there)
		return true;
	model->tokens[NEW] = back.second;
	model->waits = true;
	if (heir.state != GOOD && back.second.state != TAKEN_BACK &&
	    !(heir.state == WITH_ACCOUNT && back.second_spared))
		model->tokens[NEW].state = heir.state;
	if (back.second_edited) {
		model->tokens[NEW].until = heir.until;
		model->tokens[NEW].meant = back.second.from + heir.meant -
		    heir.from;
	}
	return true;
}

bool
model_spares_second(const struct model *model)
{
	const struct model_undo *undo = &model->undo;

	return model->now >= (undo->second_edited ? model->tokens[NEW].until
						  : undo->second.until);
}
