#include "login/login_line.h"

#include "base/network.h"

struct logline
logtext_begin(const struct subject *subject, const char *verb)
{
	struct logline line = {0};
	char from[NETWORK_TEXT_LEN + 1] = "";
	struct network address;

	/* As it was understood, and not what may stand behind it. */
	if (subject->from != NULL &&
	    network_parse_address(subject->from, &address))
		network_format(&address, from);

	logline_text(&line, "pam_apitoken(");
	logline_word(&line, subject->service);
	logline_text(&line, ":");
	logline_text(&line, subject->hook);
	logline_text(&line, "): ");
	logline_text(&line, verb);
	logline_field(&line, "id", subject->id);
	logline_field(&line, "user", subject->user);
	logline_field(&line, "service", subject->service);
	logline_field(&line, "rhost", from);
	return line;
}

struct logline
logtext_refused(
    const struct subject *subject, const char *reason, const char *detail)
{
	struct logline line = logtext_begin(subject, "refused");

	logline_field(&line, "reason", reason);
	if (detail[0] != '\0') {
		logline_text(&line, ": ");
		logline_sentence(&line, detail);
	}
	return line;
}
