#include "notify/notice_send.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "notify/notice_text.h"
#include "tokens/audit.h"

#define SENDMAIL "/usr/sbin/sendmail"

static const char *const LOST[NOTICE_CHANNELS] = {
    [NOTICE_COMMAND] = "command",
    [NOTICE_MAIL] = "mail",
};

/* Of the channel as a whole: logged once, not for each notice. */
static void
give_up(const struct notice_post *post, enum notice_channel channel,
    const struct error *why)
{
	struct error text;

	(void)error_set(&text, ERR_OK, "%s: %s", LOST[channel], why->text);
	audit_store("notify-failed", post->by, text.text);
	fputs("tokenadm: notify: ", stderr);
	text_print(stderr, text.text);
	fputc('\n', stderr);
}

static void
prepare(struct notice_post *post, enum notice_channel channel, enum err rc,
    struct error *why)
{
	if (rc == ERR_OK)
		rc = notice_check_program(post->words[channel][0], why);
	post->rc[channel] = rc;
	if (rc != ERR_OK)
		give_up(post, channel, why);
}

void
notice_post_begin(
    struct notice_post *post, const struct config *config, const char *by)
{
	static const char *const MAILER[] = {SENDMAIL, "-oi", "--", NULL};
	struct error why = {""};
	enum err rc;

	*post = (struct notice_post){.by = by};
	strcpy(post->command, config->notify.command);
	if (post->command[0] != '\0') {
		rc = notice_split(
		    post->command, post->words[NOTICE_COMMAND], &why);
		prepare(post, NOTICE_COMMAND, rc, &why);
	}
	memcpy(post->words[NOTICE_MAIL], MAILER, sizeof(MAILER));
	if (config->notify.mails)
		prepare(post, NOTICE_MAIL, ERR_OK, &why);
}

/* What the program gets. */
static enum err
write_input(enum notice_channel channel, const struct notice *notice,
    char **input, struct error *why)
{
	json_t *object;
	char *text;

	if (channel == NOTICE_MAIL)
		return notice_mail(notice, input, why);
	*input = NULL;
	object = notice_json(notice);
	text = json_dumps(object, JSON_PRESERVE_ORDER);
	json_decref(object);
	if (text == NULL || asprintf(input, "%s\n", text) < 0)
		*input = NULL;
	free(text);
	return *input != NULL ? ERR_OK : error_plain(why, ERR_NOMEM);
}

/* One that hangs again and again would take ten seconds for each token. */
static enum err
count_hangs(struct notice_post *post, enum notice_channel channel,
    bool has_hung, enum err rc)
{
	struct error why;

	post->hangs[channel] = has_hung ? post->hangs[channel] + 1 : 0;
	if (post->hangs[channel] < NOTICE_HANGS_MAX)
		return rc;
	(void)error_set(&why, ERR_REFUSED,
	    "it did not end %d times in a row: the rest is left to the next "
	    "run",
	    NOTICE_HANGS_MAX);
	give_up(post, channel, &why);
	return ERR_REFUSED;
}

enum err
notice_post_send(enum notice_channel channel, const struct notice *notice,
    void *arg, struct error *why)
{
	struct notice_post *post = arg;
	const char *const *words = post->words[channel];
	const char *mailer[] = {
	    words[0], words[1], words[2], notice->record->user, NULL};
	bool has_hung = false;
	char *input = NULL;
	enum err rc;

	if (post->rc[channel] != ERR_OK)
		return ERR_REFUSED;
	rc = write_input(channel, notice, &input, why);
	if (rc == ERR_OK)
		rc = notice_run_program(channel == NOTICE_MAIL ? mailer : words,
		    input, strlen(input), &has_hung, why);
	free(input);
	if (rc != ERR_OK)
		audit("notify-failed", notice->record, post->by, why->text);
	return count_hangs(post, channel, has_hung, rc);
}
