#include "life_model.h"

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

static bool
lives(const struct model *model, enum which which)
{
	const struct model_token *token = &model->tokens[which];

	return token->is_there && token->state == GOOD &&
	    model->now < token->until;
}

/* Whether the session that it was for has ended. */
static bool
is_over(const struct model_token *token)
{
	return token->session == DEAD_SESSION ||
	    (token->has_begun &&
		(token->session == NO_SESSION || token->other_boot));
}

bool
model_accepts(const struct model *model, enum which which)
{
	return model->account && lives(model, which) &&
	    !is_over(&model->tokens[which]);
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
	const struct model_token *tokens = model->tokens;

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
		return tokens[OLD].session == LIVE_SESSION;
	case LOGOUT_NEW:
		return tokens[NEW].session == LIVE_SESSION;
	case LOGIN_OLD:
	case APPROVE_OLD:
	case REVOKE_OLD:
	case DELETE_OLD:
	case EDIT_OLD:
		return tokens[OLD].is_there;
	case LOGIN_NEW:
	case APPROVE_NEW:
	case REVOKE_NEW:
	case DELETE_NEW:
	case EDIT_NEW:
		return tokens[NEW].is_there;
	default:
		return true;
	}
}

static bool
rotate(struct model *model, int64_t overlap)
{
	struct model_token *first = &model->tokens[OLD],
			   *second = &model->tokens[NEW];
	const struct model_token *like = model->waits ? second : first;
	int64_t end = model->now + overlap;

	if (is_over(first))
		first->state = TAKEN_BACK;
	if (!model->account || (!lives(model, OLD) && !lives(model, NEW)))
		return false;
	model->undo = (struct model_undo){
	    .is_possible = true, .first = *first, .second = *second};
	*second = (struct model_token){
	    .is_there = true,
	    .from = model->now,
	    .until = model->now + like->meant - like->from,
	    .meant = model->now + like->meant - like->from,
	};
	if (end < first->until)
		first->until = end;
	model->undo.cut = first->until;
	model->waits = true;
	return true;
}

/* As if there had been no rotation, except for what others have done since. */
static bool
undo(struct model *model)
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
	if (heir.state != GOOD && back.second.state != TAKEN_BACK)
		model->tokens[NEW].state = heir.state;
	if (back.second_edited) {
		model->tokens[NEW].until = heir.until;
		model->tokens[NEW].meant = back.second.from + heir.meant -
		    heir.from;
	}
	return true;
}

/* A used successor has replaced its predecessor. */
static void
use(struct model *model, enum which which)
{
	if (which == OLD || !model->waits)
		return;
	model->waits = false;
	model->tokens[OLD].state = TAKEN_BACK;
}

static bool
log_in(struct model *model, enum which which)
{
	struct model_token *token = &model->tokens[which];

	if (!model->account || !lives(model, which))
		return false;
	if (is_over(token)) {
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
	return lives(model, OLD) && lives(model, NEW) && !model->waits;
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
		if (is_meant[i] && is_over(&model->tokens[i]))
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

/* Keeps no dead tokens, except what an undone rotation would need. */
static bool
prune(struct model *model)
{
	if (model->tokens[NEW].is_there && !lives(model, NEW))
		(void)delete_token(model, NEW);
	if (model->tokens[OLD].is_there && !lives(model, OLD) &&
	    !(model->waits && lives(model, NEW)))
		(void)delete_token(model, OLD);
	return true;
}

static bool
disable(struct model *model)
{
	for (int i = OLD; i < BOTH; i++)
		if (lives(model, (enum which)i))
			model->tokens[i].state = WITH_ACCOUNT;
	model->account = false;
	return true;
}

/* Sessions end, and the list shows that, or is lost. */
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
		return rotate(model, LIFE_OVERLAP);
	case ROTATE_AT_ONCE:
		return rotate(model, 0);
	case UNDO:
		return undo(model);
	case DISABLE:
		return disable(model);
	case ENABLE:
		return model->account = true;
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
