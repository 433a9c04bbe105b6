#include "life_model_rotation.h"

#include <stddef.h>

void
model_start(struct model *model, enum kind kind, int64_t now)
{
	*model = (struct model){.kind = kind, .now = now, .account = true};
	model->tokens[OLD] = (struct model_token){
	    .is_there = true,
	    .from = now,
	    .until = now + LIFE_SPAN,
	    .meant = now + LIFE_SPAN,
	};
}

bool
model_accepts(const struct model *model, enum which which)
{
	return model->account && model_lives(model, which) &&
	    !model_is_over(&model->tokens[which]);
}

static bool
can_rotate(const struct model *model)
{
	return model->waits ||
	    (model->tokens[OLD].is_there && !model->tokens[NEW].is_there);
}

static bool
has_live_session(const struct model *model)
{
	return model->tokens[OLD].session == LIVE_SESSION ||
	    model->tokens[NEW].session == LIVE_SESSION;
}

static bool
has_session(const struct model *model)
{
	return model->tokens[OLD].session != NO_SESSION ||
	    model->tokens[NEW].session != NO_SESSION;
}

bool
model_can(const struct model *model, enum event event)
{
	switch (event) {
	case ROTATE:
	case ROTATE_AT_ONCE:
		return can_rotate(model);
	case UNDO:
		return model->undo.is_possible;
	case DISABLE:
		return model->account;
	case ENABLE:
		return !model->account;
	case REBOOT:
	case EMPTY:
		return has_session(model);
	case KILL:
		return has_live_session(model);
	case LOGOUT_OLD:
		return model->tokens[OLD].session == LIVE_SESSION;
	case LOGOUT_NEW:
		return model->tokens[NEW].session == LIVE_SESSION;
	case LOGIN_OLD:
	case APPROVE_OLD:
	case REVOKE_OLD:
	case DELETE_OLD:
	case EDIT_OLD:
		return model->tokens[OLD].is_there;
	case LOGIN_NEW:
	case APPROVE_NEW:
	case REVOKE_NEW:
	case DELETE_NEW:
	case EDIT_NEW:
		return model->tokens[NEW].is_there;
	default:
		return true;
	}
}

/* A used successor has replaced its predecessor. */
static void
use(struct model *model, enum which which)
{
	if (which == OLD || !model->waits)
		return;
	model->waits = false;
	if (model->tokens[OLD].state != TAKEN_BACK)
		model->tokens[OLD].replaced = true;
	model->tokens[OLD].state = TAKEN_BACK;
}

static bool
log_in(struct model *model, enum which which)
{
	struct model_token *token = &model->tokens[which];

	if (!model->account || !model_lives(model, which))
		return false;
	if (model_is_over(token)) {
		token->state = TAKEN_BACK;
		return false;
	}
	use(model, which);
	if (model->kind == ONE_LOGIN)
		token->state = TAKEN_BACK;
	if (model->kind == UNTIL_LOGOUT) {
		token->has_begun = true;
		token->session = LIVE_SESSION;
	}
	return true;
}

static bool
log_out(struct model *model, enum which which)
{
	model->tokens[which].session = NO_SESSION;
	model->tokens[which].state = TAKEN_BACK;
	return true;
}

static bool
is_chosen(const struct model *model, enum which which, bool is_named)
{
	const struct model_token *token = &model->tokens[which];

	return token->is_there && model->now < token->until &&
	    (token->state == WITH_ACCOUNT ||
		(is_named && token->state == TAKEN_BACK));
}

/* Looking at the list reveals what has ended, of all tokens. */
static void
collect(struct model *model)
{
	for (int i = OLD; i < BOTH; i++) {
		struct model_token *token = &model->tokens[i];

		if (token->session != DEAD_SESSION)
			continue;
		token->session = NO_SESSION;
		token->state = TAKEN_BACK;
	}
}

/* Two valid tokens with one name are a rotation, or one too many. */
static bool
is_one_too_many(const struct model *model)
{
	return model_lives(model, OLD) && model_lives(model, NEW) &&
	    !model->waits;
}

/* Approves the named one, or (BOTH) those that died with the account. */
static bool
approve(struct model *model, enum which which)
{
	bool is_meant[BOTH], is_named = which != BOTH;
	struct model_token before[BOTH];

	for (int i = OLD; i < BOTH; i++)
		is_meant[i] = is_named ? i == (int)which
				       : is_chosen(model, (enum which)i, false);
	if (!model->account && (is_meant[OLD] || is_meant[NEW]))
		return false;
	collect(model);
	/* What is over is withdrawn first, and has to be named. */
	for (int i = OLD; i < BOTH; i++)
		if (is_meant[i] && model_is_over(&model->tokens[i]))
			model->tokens[i].state = TAKEN_BACK;
	before[OLD] = model->tokens[OLD];
	before[NEW] = model->tokens[NEW];
	if (is_named && model->now >= model->tokens[which].until)
		return false;
	for (int i = OLD; i < BOTH; i++) {
		struct model_token *token = &model->tokens[i];

		if (!is_meant[i] || !is_chosen(model, (enum which)i, is_named))
			continue;
		token->state = GOOD;
		token->replaced = false;
		token->has_begun = token->session == LIVE_SESSION;
		token->other_boot = false;
	}
	if (!is_one_too_many(model))
		return true;
	model->tokens[OLD] = before[OLD];
	model->tokens[NEW] = before[NEW];
	return false;
}

static bool
revoke(struct model *model, enum which which)
{
	model->tokens[which].state = TAKEN_BACK;
	if (which == NEW && model->waits)
		model->tokens[OLD].state = TAKEN_BACK;
	return true;
}

static bool
delete_token(struct model *model, enum which which)
{
	model->tokens[which] = (struct model_token){.is_there = false};
	model->waits = false;
	return true;
}

static bool
edit(struct model *model, enum which which)
{
	struct model_token *token = &model->tokens[which];

	if (model->now >= token->until)
		return false;
	token->until = model->now + LIFE_EDITED;
	token->meant = token->from + LIFE_EDITED;
	if (which == OLD)
		model->undo.first_edited = true;
	/* Its predecessor is edited as well, unless it had expired by then. */
	else if (model->now < model->undo.second.until)
		model->undo.second_edited = true;
	return true;
}

/* Keeps no dead tokens but what an undone rotation would need. */
static bool
prune(struct model *model)
{
	if (model->tokens[NEW].is_there && !model_lives(model, NEW))
		(void)delete_token(model, NEW);
	if (model->tokens[OLD].is_there && !model_lives(model, OLD) &&
	    !(model->waits && model_lives(model, NEW)))
		(void)delete_token(model, OLD);
	return true;
}

static bool
end_living(struct model *model, bool account)
{
	if (model_lives(model, NEW))
		model->undo.second_spared = model_spares_second(model);
	for (int i = OLD; i < BOTH; i++)
		if (model_lives(model, (enum which)i))
			model->tokens[i].state = WITH_ACCOUNT;
	model->account = account;
	return true;
}

/* Sessions end, and are still listed, or not. */
static bool
lose_sessions(struct model *model, bool is_listed, bool other_boot)
{
	for (int i = OLD; i < BOTH; i++) {
		struct model_token *token = &model->tokens[i];

		if (is_listed && token->session == LIVE_SESSION)
			token->session = DEAD_SESSION;
		if (!is_listed)
			token->session = NO_SESSION;
		if (other_boot && token->has_begun)
			token->other_boot = true;
	}
	return true;
}

static bool
pass(struct model *model, int64_t time)
{
	model->now += time;
	return true;
}

bool
model_do(struct model *model, enum event event)
{
	switch (event) {
	case ROTATE:
		return model_rotate(model, LIFE_OVERLAP);
	case ROTATE_AT_ONCE:
		return model_rotate(model, 0);
	case UNDO:
		return model_undo(model);
	case DISABLE:
		return end_living(model, false);
	case ENABLE:
		return model->account = true;
	case UNUSED:
		return end_living(model, model->account);
	case APPROVE_USER:
		return approve(model, BOTH);
	case PRUNE:
		return prune(model);
	case WAIT:
		return pass(model, LIFE_WAIT);
	case WAIT_LONG:
		return pass(model, LIFE_WAIT_LONG);
	case REBOOT:
		return lose_sessions(model, false, true);
	case EMPTY:
		return lose_sessions(model, false, false);
	case KILL:
		return lose_sessions(model, true, false);
	case LOGIN_OLD:
	case LOGIN_NEW:
		return log_in(model, (enum which)(event - LOGIN_OLD));
	case LOGOUT_OLD:
	case LOGOUT_NEW:
		return log_out(model, (enum which)(event - LOGOUT_OLD));
	case APPROVE_OLD:
	case APPROVE_NEW:
		return approve(model, (enum which)(event - APPROVE_OLD));
	case REVOKE_OLD:
	case REVOKE_NEW:
		return revoke(model, (enum which)(event - REVOKE_OLD));
	case DELETE_OLD:
	case DELETE_NEW:
		return delete_token(model, (enum which)(event - DELETE_OLD));
	case EDIT_OLD:
	case EDIT_NEW:
		return edit(model, (enum which)(event - EDIT_OLD));
	case EVENTS:
		break;
	}
	return false;
}
