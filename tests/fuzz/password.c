#include "password.h"

#include <string.h>

/* In capitals, with O for 0, where that does not matter. */
static void
type_badly(char *text)
{
	size_t len = strlen(text);

	if (len != TOKEN_SHORT_LEN)
		len = TOKEN_SECRET_START;
	for (size_t i = 0; i < len; i++) {
		if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (char)(text[i] - 'a' + 'A');
		else if (text[i] == '0')
			text[i] = 'O';
	}
}

void
password_of_token(struct login_password *password, struct fuzz_input *input)
{
	unsigned token = fuzz_below(input, MACHINE_TOKENS);
	unsigned damage = fuzz_below(input, 8);
	unsigned other = (token + 1) % MACHINE_TOKENS;
	char *text = password->item.text;
	size_t at;

	password->token = token;
	/* From 5 on it is as it was, or as it may be typed. */
	password->right = damage > 0 && damage < 5 ? ANSWER_REFUSE
						   : ANSWER_ACCEPT;
	fakepam_set(&password->item, machine_tokens[token].text);
	at = damage > 0 ? fuzz_below(input, (unsigned)strlen(text)) : 0;
	if (damage == 1)
		text[at] = (char)(text[at] == 'x' ? 'y' : 'x');
	else if (damage == 2)
		text[at] = '\0';
	else if (damage == 3)
		(void)strcat(text, "x");
	else if (damage == 4)
		/* Of another token, or with another token's id. */
		memcpy(text + 4, machine_tokens[other].text + 4, TOKEN_ID_LEN);
	else if (damage == 5)
		type_badly(text);
	if (damage == 4 || !token_has_shape(text))
		password->token = token_has_shape(text) ? other
							: LOGIN_NO_TOKEN;
}

void
password_of_user(struct login_password *password, struct fuzz_input *input)
{
	static const char *const TEXTS[] = {
	    NULL, "", "secret", "atk_", "atk_0123456789_"};
	unsigned choice = fuzz_below(input, COUNT_OF(TEXTS) + 1);
	char text[FAKEPAM_TEXT_MAX + 1];

	password->token = LOGIN_NO_TOKEN;
	password->right = ANSWER_REFUSE;
	if (choice < COUNT_OF(TEXTS)) {
		fakepam_set(&password->item, TEXTS[choice]);
		return;
	}
	(void)fuzz_text(input, text, sizeof(text));
	fakepam_set(&password->item, text);
	for (unsigned i = 0; i < MACHINE_TOKENS; i++) {
		if (strcmp(text, machine_tokens[i].text) != 0)
			continue;
		password->token = i;
		password->right = ANSWER_ACCEPT;
	}
}
