#include "issue/interview.h"

#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/text.h"
#include "issue/fleet_issue.h"
#include "issue/offered_services.h"
#include "issue/owner.h"
#include "issue/preset_options.h"
#include "issue/required_scopes.h"
#include "issue/token_options.h"
#include "lifecycle/policy.h"

#define EXPIRY_SIZE 24 /* of a number of seconds, or a time */

/* The answers so far, and possible answers. */
struct form {
	struct context *context;
	struct record record;
	struct policy policy;
	char services[RECORD_SERVICES_MAX + 1]; /* those to suggest */
	char scopes[RECORD_SCOPES_MAX + 1];     /* that they need */
	char expiry[EXPIRY_SIZE];               /* the policy's */
	bool forces;                            /* any scopes will do */
};

static enum err
take_user(struct form *form, const char *answer)
{
	struct context *context = form->context;
	enum err rc = context->fleet != NULL
	    ? fleet_issue_owner(context, answer, &form->record)
	    : owner_set(context, answer, &form->record);

	if (rc != ERR_OK)
		return rc;
	return owner_policy(form->context, &form->record, &form->policy);
}

static enum err
take_name(struct form *form, const char *answer)
{
	return token_options_set_name(
	    &form->record, answer, &form->context->error);
}

static enum err
take_description(struct form *form, const char *answer)
{
	return token_options_set_description(
	    &form->record, answer, &form->context->error);
}

static enum err
take_services(struct form *form, const char *answer)
{
	const struct service_group *groups = form->context->config.groups;
	struct error *why = &form->context->error;
	enum err rc = token_options_set_services(
	    &form->record, &form->context->config, answer, why);

	/* Ask for the expiry later. */
	form->record.expires = form->context->now;
	return rc == ERR_OK ? policy_check_limits(&form->policy, groups,
				  &form->record, form->context->now, why)
			    : rc;
}

static void
add_needs(struct form *form, const char *services)
{
	char service[LIST_WORD_MAX + 1];

	while (list_next(&services, service))
		required_scopes_add(service, form->scopes);
}

/* Suggests the scopes that the token's services need, as far as known. */
static void
choose_scopes(struct form *form)
{
	const struct service_group *groups = form->context->config.groups;
	char service[LIST_WORD_MAX + 1];
	const char *rest = form->services;

	if (!list_has(form->record.services, "any"))
		rest = form->record.services;
	form->scopes[0] = '\0';
	while (list_next(&rest, service)) {
		const char *members = services_of_group(groups, service);

		if (members == NULL)
			members = service;
		add_needs(form, members);
	}
	if (form->scopes[0] == '\0')
		strcpy(form->scopes, TOKEN_OPTIONS_DEFAULT_SCOPE);
}

static enum err
take_scopes(struct form *form, const char *answer)
{
	struct error *why = &form->context->error;
	enum err rc = token_options_set_scopes(&form->record, answer, why);

	return rc == ERR_OK && !form->forces
	    ? required_scopes_check(
		  form->context->config.groups, &form->record, why)
	    : rc;
}

static enum err
take_expiry(struct form *form, const char *answer)
{
	struct error *why = &form->context->error;
	enum err rc = policy_set_expiry(&form->policy, answer,
	    form->context->now, form->record.starts, &form->record.expires,
	    why);

	return rc == ERR_OK ? policy_check_start(&form->record, why) : rc;
}

/* A duration in the largest unit that fits. */
static void
format_span(int64_t span, char text[EXPIRY_SIZE])
{
	static const struct {
		int64_t seconds;
		char letter;
	} UNITS[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	size_t i = 0;

	while (span % UNITS[i].seconds != 0)
		i++;
	(void)snprintf(text, EXPIRY_SIZE, "%lld%c",
	    (long long)(span / UNITS[i].seconds), UNITS[i].letter);
}

/* The expiry that a token has by itself: with a start, as a time. */
static void
choose_expiry(struct form *form)
{
	int64_t now = form->context->now, starts = form->record.starts;
	int64_t expires = policy_default_expiry(&form->policy, now, starts);

	if (expires == TIME_NEVER)
		strcpy(form->expiry, "never");
	else if (starts > now)
		parse_format_time(expires, form->expiry);
	else
		format_span(expires - now, form->expiry);
}

/* The start is not asked for, but the expiry counts from it. */
static enum err
take_start(struct form *form, const struct args *args)
{
	const char *starts = args_get(args, "starts");

	return starts == NULL ? ERR_OK
			      : token_options_set_starts(&form->record, starts,
				    form->context->now, &form->context->error);
}

/* An empty answer is none. What it says must be allowed to the user. */
static enum err
take_preset(struct form *form, const char *answer)
{
	struct error *why = &form->context->error;
	const struct preset *preset;
	enum err rc;

	if (answer[0] == '\0')
		return ERR_OK;
	rc = preset_options_find(&form->context->config, answer, &preset, why);
	if (rc != ERR_OK)
		return rc;
	if (preset->services[0] != '\0')
		rc = take_services(form, preset->services);
	if (rc == ERR_OK && preset->expires[0] != '\0')
		rc = take_expiry(form, preset->expires);
	return preset_options_explain(preset, rc, why);
}

static const struct question {
	const char *option;
	const char *text;
	const char *preset; /* what an empty answer means; NULL: ask again */
	enum err (*take)(struct form *form, const char *answer);
} QUESTIONS[INTERVIEW_QUESTIONS] = {
    {"user", "User", NULL, take_user},
    {"name", "Name of the token", NULL, take_name},
    {"description", "What it is for (may be empty)", "", take_description},
    {"preset", "Preset (may be empty)", "", take_preset},
    {"service", "Services, separated by commas", NULL, take_services},
    {"scope", "Scopes (read,write: a whole login)", NULL, take_scopes},
    {"expires", "Expires", NULL, take_expiry},
};

static void
print_error(const struct error *why)
{
	fputs("  ", stderr);
	text_print(stderr, why->text);
	fputc('\n', stderr);
}

/* If only one service takes tokens, that is the default. */
static const char *
suggest_services(const struct form *form)
{
	if (form->services[0] == '\0') {
		fputs("  (no service that is allowed takes tokens: tokenadm "
		      "doctor)\n",
		    stderr);
		return NULL;
	}
	fprintf(stderr, "  (these take tokens: %s)\n", form->services);
	return strchr(form->services, ',') == NULL ? form->services : NULL;
}

static void
show_presets(const struct form *form)
{
	const struct preset *one = form->context->config.presets;

	fputs("  (presets:", stderr);
	for (; one != NULL; one = one->next)
		fprintf(stderr, " %s%s", one->name,
		    one->next != NULL ? "," : ")\n");
}

/* Asks until the answer is valid. */
static enum err
ask(struct form *form, const struct question *question, char *answer)
{
	const char *preset = question->preset;

	if (question->take == take_preset)
		show_presets(form);
	if (question->take == take_services)
		preset = suggest_services(form);
	if (question->take == take_scopes) {
		choose_scopes(form);
		preset = form->scopes;
	}
	if (question->take == take_expiry) {
		choose_expiry(form);
		preset = form->expiry;
	}
	while (ask_line(question->text, preset, answer, INTERVIEW_ANSWER_MAX)) {
		if (question->take(form, answer) == ERR_OK)
			return ERR_OK;
		print_error(&form->context->error);
	}
	return error_set(
	    &form->context->error, ERR_REFUSED, "nothing was issued");
}

/* The answer may answer other questions, too. */
static void
use_preset(const struct form *form, struct args *args)
{
	const struct preset *preset = presets_find(
	    form->context->config.presets, args_get(args, "preset"));

	if (preset != NULL)
		preset_options_fill(preset, args);
	else
		args_set(args, "preset", NULL);
}

/* Takes what is given, or asks for it. */
static enum err
answer_question(struct form *form, const struct question *question,
    char *answer, struct args *args)
{
	const char *given = args_get(args, question->option);
	bool is_preset = question->take == take_preset;
	enum err rc = ERR_OK;

	/* The options may be narrower than a preset that is given. */
	if (given != NULL)
		return is_preset ? ERR_OK : question->take(form, given);
	if (is_preset && form->context->config.presets == NULL)
		return ERR_OK;
	rc = ask(form, question, answer);
	args_set(args, question->option, answer);
	if (rc == ERR_OK && is_preset)
		use_preset(form, args);
	return rc;
}

enum err
interview_complete(
    struct interview *interview, struct context *context, struct args *args)
{
	struct form form = {
	    .context = context,
	    .forces = args_has(args, "force"),
	};
	enum err rc = take_start(&form, args);

	for (size_t i = 0; rc == ERR_OK && i < INTERVIEW_QUESTIONS; i++) {
		const struct question *question = &QUESTIONS[i];

		rc = answer_question(
		    &form, question, interview->answers[i], args);
		if (rc == ERR_OK && question->take == take_user)
			offered_services(context, &form.policy, form.services);
	}
	return rc;
}
