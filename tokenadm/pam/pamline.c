#include "pam/pamline.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include <security/pam_appl.h>

#define BLANKS " \n\t"
#define UNSET (-6)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const TYPES[] = {"auth", "account", "session", "password"};

static const char *const RESULTS[PAMLINE_RESULTS] = {
    [PAM_SUCCESS] = "success",
    [PAM_OPEN_ERR] = "open_err",
    [PAM_SYMBOL_ERR] = "symbol_err",
    [PAM_SERVICE_ERR] = "service_err",
    [PAM_SYSTEM_ERR] = "system_err",
    [PAM_BUF_ERR] = "buf_err",
    [PAM_PERM_DENIED] = "perm_denied",
    [PAM_AUTH_ERR] = "auth_err",
    [PAM_CRED_INSUFFICIENT] = "cred_insufficient",
    [PAM_AUTHINFO_UNAVAIL] = "authinfo_unavail",
    [PAM_USER_UNKNOWN] = "user_unknown",
    [PAM_MAXTRIES] = "maxtries",
    [PAM_NEW_AUTHTOK_REQD] = "new_authtok_reqd",
    [PAM_ACCT_EXPIRED] = "acct_expired",
    [PAM_SESSION_ERR] = "session_err",
    [PAM_CRED_UNAVAIL] = "cred_unavail",
    [PAM_CRED_EXPIRED] = "cred_expired",
    [PAM_CRED_ERR] = "cred_err",
    [PAM_NO_MODULE_DATA] = "no_module_data",
    [PAM_CONV_ERR] = "conv_err",
    [PAM_AUTHTOK_ERR] = "authtok_err",
    [PAM_AUTHTOK_RECOVERY_ERR] = "authtok_recover_err",
    [PAM_AUTHTOK_LOCK_BUSY] = "authtok_lock_busy",
    [PAM_AUTHTOK_DISABLE_AGING] = "authtok_disable_aging",
    [PAM_TRY_AGAIN] = "try_again",
    [PAM_IGNORE] = "ignore",
    [PAM_ABORT] = "abort",
    [PAM_AUTHTOK_EXPIRED] = "authtok_expired",
    [PAM_MODULE_UNKNOWN] = "module_unknown",
    [PAM_BAD_ITEM] = "bad_item",
    [PAM_CONV_AGAIN] = "conv_again",
    [PAM_INCOMPLETE] = "incomplete",
};

/* Index i is action -i. */
static const char *const ACTIONS[] = {
    "ignore", "ok", "done", "bad", "die", "reset"};

/* Words */

/* The text in brackets; `\]` is a literal bracket. */
static char *
take_bracketed(char *word, char **rest)
{
	char *from = word, *to = word;

	while (*from != '\0' && *from != ']') {
		if (from[0] == '\\' && from[1] == ']')
			from++;
		*to++ = *from++;
	}
	*rest = *from != '\0' ? from + 1 : from;
	*to = '\0';
	return word;
}

static char *
take_word(char **rest)
{
	char *word = *rest + strspn(*rest, BLANKS), *end;

	if (*word == '\0')
		return NULL;
	if (*word == '[')
		return take_bracketed(word + 1, rest);
	end = word + strcspn(word, BLANKS);
	*rest = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word;
}

/* Controls */

static void
set_all(int actions[PAMLINE_RESULTS], int action)
{
	for (int i = 0; i < PAMLINE_RESULTS; i++)
		actions[i] = action;
}

static void
set_default(int actions[PAMLINE_RESULTS], int action)
{
	for (int i = 0; i < PAMLINE_RESULTS; i++) {
		if (actions[i] == UNSET)
			actions[i] = action;
	}
}

static const char *
skip_space(const char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

/* The index of the first word that the text begins with; moves past it. */
static int
find_prefix(const char **text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(words[i]);

		if (strncmp(*text, words[i], len) == 0) {
			*text += len;
			return (int)i;
		}
	}
	return -1;
}

/*
 * The number of modules to jump over. Linux-PAM 1.5 does not notice one that is
 * too large, and may take it for any action.
 */
static bool
parse_jump(const char **text, int *action)
{
	long long number = 0;

	for (; isdigit((unsigned char)**text) && number <= INT_MAX; ++*text)
		number = number * 10 + (**text - '0');
	if (number == 0 || number > INT_MAX)
		return false;
	*action = (int)number;
	return true;
}

/* Parses `RESULT=ACTION`; result is -1 for default. */
static bool
parse_pair(const char **text, int *result, int *action)
{
	static const char *const DEFAULT[] = {"default"};

	*result = find_prefix(text, RESULTS, PAMLINE_RESULTS);
	if (*result < 0 && find_prefix(text, DEFAULT, 1) < 0)
		return false;
	*text = skip_space(*text);
	if (**text != '=')
		return false;
	*text = skip_space(*text + 1);
	*action = find_prefix(text, ACTIONS, COUNT_OF(ACTIONS));
	if (*action >= 0) {
		*action = -*action;
		return true;
	}
	return parse_jump(text, action);
}

static bool
parse_control(int actions[PAMLINE_RESULTS], const char *text)
{
	int result, action;

	set_all(actions, UNSET);
	for (text = skip_space(text); *text != '\0'; text = skip_space(text)) {
		if (!parse_pair(&text, &result, &action)) {
			set_all(actions, PAMLINE_DO_BAD);
			return false;
		}
		if (result >= 0)
			actions[result] = action;
		else
			set_default(actions, action);
	}
	set_default(actions, PAMLINE_DO_BAD);
	return true;
}

/* Parses a keyword such as required, a set of actions. False if it is none. */
static bool
parse_keyword(int actions[PAMLINE_RESULTS], const char *word)
{
	static const struct {
		const char *word;
		int success, failure;
		bool ignores; /* ignores PAM_IGNORE */
	} KEYWORDS[] = {
	    {"required", PAMLINE_DO_OK, PAMLINE_DO_BAD, true},
	    {"requisite", PAMLINE_DO_OK, PAMLINE_DO_DIE, true},
	    {"optional", PAMLINE_DO_OK, PAMLINE_DO_IGNORE, true},
	    {"sufficient", PAMLINE_DO_DONE, PAMLINE_DO_IGNORE, true},
	};

	for (size_t i = 0; i < COUNT_OF(KEYWORDS); i++) {
		if (strcasecmp(word, KEYWORDS[i].word) != 0)
			continue;
		set_all(actions, KEYWORDS[i].failure);
		actions[PAM_SUCCESS] = KEYWORDS[i].success;
		actions[PAM_NEW_AUTHTOK_REQD] = KEYWORDS[i].success;
		actions[PAM_IGNORE] = PAMLINE_DO_IGNORE;
		return true;
	}
	return false;
}

static void
set_broken(struct pamline *line, const char *why)
{
	line->kind = PAMLINE_BROKEN;
	if (line->broken == NULL)
		line->broken = why;
}

static void
parse_type(struct pamline *line, const char *word)
{
	line->may_lack = *word == '-';
	if (line->may_lack)
		word++;
	for (size_t i = 0; i < COUNT_OF(TYPES); i++) {
		if (strcasecmp(word, TYPES[i]) == 0) {
			line->type = (enum pamline_type)i;
			line->has_type = true;
			return;
		}
	}
	if (strcasecmp(word, "@include") == 0) {
		line->type = PAMLINE_ANY;
		line->kind = PAMLINE_INCLUDE;
		return;
	}
	set_broken(line, "its first word is not a type");
}

static void
parse_second(struct pamline *line, const char *word)
{
	if (word == NULL) {
		set_all(line->actions, PAMLINE_DO_BAD);
		set_broken(line, "it has no control");
	} else if (strcasecmp(word, "include") == 0 &&
	    line->kind == PAMLINE_MODULE) {
		line->kind = PAMLINE_INCLUDE;
	} else if (strcasecmp(word, "substack") == 0 &&
	    line->kind == PAMLINE_MODULE) {
		line->kind = PAMLINE_SUBSTACK;
	} else if (!parse_keyword(line->actions, word) &&
	    !parse_control(line->actions, word) && line->broken == NULL) {
		/* The module is asked, and any result is bad. */
		line->broken = "its control is not understood";
	}
}

void
pamline_parse(struct pamline *line, char *text)
{
	char *word = take_word(&text);

	*line = (struct pamline){
	    .kind = PAMLINE_MODULE, .type = PAMLINE_AUTH, .path = ""};
	set_all(line->actions, PAMLINE_DO_BAD);
	parse_type(line, word != NULL ? word : "");
	if (line->type != PAMLINE_ANY)
		parse_second(line, take_word(&text));
	word = take_word(&text);
	if (word == NULL)
		set_broken(line, "it names no module or file");
	else
		line->path = word;
	while (line->argc < PAMLINE_ARGS && (word = take_word(&text)) != NULL)
		line->argv[line->argc++] = word;
}

const char *
pamline_type_name(enum pamline_type type)
{
	return type < PAMLINE_ANY ? TYPES[type] : "@include";
}

const char *
pamline_result_name(int result)
{
	return result >= 0 && result < PAMLINE_RESULTS ? RESULTS[result] : NULL;
}

bool
pamline_has(const struct pamline *line, const char *beginning)
{
	for (int i = 0; i < line->argc; i++) {
		if (strncmp(line->argv[i], beginning, strlen(beginning)) == 0)
			return true;
	}
	return false;
}

bool
pamline_has_word(const struct pamline *line, const char *word)
{
	for (int i = 0; i < line->argc; i++) {
		if (strcmp(line->argv[i], word) == 0)
			return true;
	}
	return false;
}
