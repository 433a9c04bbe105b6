#include "life_promises.h"

#include <stdio.h>
#include <string.h>

void
promises_start(struct promises *promises, const struct record *first)
{
	*promises = (struct promises){
	    .of[OLD] = {.granted = first->expires, .expires = first->expires}};
	strcpy(promises->of[OLD].id, first->id);
}

void
promises_rotate(struct promises *promises)
{
	promises->made_way = promises->of[NEW];
	for (int i = OLD; i < BOTH; i++)
		promises->was_dead[i] = promises->of[i].is_dead;
}

/* By itself, or as one that died with its account and was not revoked. */
static bool
approves(enum event event, enum which which, const struct promise *promise)
{
	return event == (enum event)(APPROVE_OLD + (int)which) ||
	    (event == APPROVE_USER && promise->state == RECORD_DEACTIVATED);
}

static bool
was_edited(const struct model *model, enum event event, enum which which,
    const struct record *record)
{
	return event == (enum event)(EDIT_OLD + (int)which) &&
	    record->expires == model->now + LIFE_EDITED;
}

/* The latest expiry it may have. */
static const char *
look_at_time(struct promises *promises, const struct model *before,
    const struct model *after, enum event event, enum which which,
    const struct record *record)
{
	struct promise *promise = &promises->of[which];
	const char *what = NULL;

	if (event == UNDO && strcmp(promises->made_way.id, record->id) == 0) {
		*promise = promises->made_way;
		if (before->undo.second_edited)
			promise->granted = record->expires;
	} else if (strcmp(promise->id, record->id) != 0) {
		*promise = (struct promise){.granted = record->expires};
		strcpy(promise->id, record->id);
	} else if (was_edited(after, event, which, record)) {
		promise->granted = record->expires;
	} else if (record->expires > promise->expires && event != UNDO) {
		what = "given time by an event";
	}
	if (record->expires > promise->granted)
		what = "given more time than anybody granted";
	promise->expires = record->expires;
	return what;
}

static const char *
look_at_death(struct promises *promises, const struct model *model,
    enum event event, enum which which, const struct life_seen *seen)
{
	struct promise *promise = &promises->of[which];
	bool approved = approves(event, which, promise);

	/* Nobody has seen the new token: there was no rotation. */
	if (event == UNDO && promise->state == RECORD_ACTIVE &&
	    !promises->was_dead[which])
		promise->is_dead = false;
	if (seen->accepted) {
		if (promise->is_dead && !approved)
			return "came back from the dead";
		promise->is_dead = false;
		if (approved)
			promises->was_dead[which] = false;
	} else if (model->account && !approved) {
		promise->is_dead = true;
	}
	promise->state = seen->record.state;
	return NULL;
}

const char *
promises_keep(struct promises *promises, const struct model *before,
    const struct model *after, enum event event, enum which which,
    const struct life_seen *seen)
{
	const char *what;

	if (!seen->is_there) {
		promises->of[which] = (struct promise){.expires = 0};
		return NULL;
	}
	what = look_at_time(
	    promises, before, after, event, which, &seen->record);
	return what != NULL
	    ? what
	    : look_at_death(promises, after, event, which, seen);
}

static int
describe(const struct promise *promise, char *text)
{
	return sprintf(text, " %d%d,%jd,%jd", promise->is_dead,
	    (int)promise->state, (intmax_t)promise->granted,
	    (intmax_t)promise->expires);
}

size_t
promises_describe(const struct promises *promises, bool can_undo, char *text)
{
	char *at = text;

	for (int i = OLD; i < BOTH; i++)
		at += describe(&promises->of[i], at);
	if (can_undo) {
		at += describe(&promises->made_way, at);
		at += sprintf(at, " %d%d", promises->was_dead[OLD],
		    promises->was_dead[NEW]);
	}
	return (size_t)(at - text);
}
