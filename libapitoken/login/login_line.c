#include "login/login_line.h"

#include "base/network.h"

struct log_line
login_line_begin(const struct subject *subject, const char *verb)
{
	struct log_line line = {0};
	char from[NETWORK_TEXT_LEN + 1] = "";
	struct network address;

	/* As it was understood, and not what may stand behind it. */
	if (subject->from != NULL &&
	    network_parse_address(subject->from, &address))
		network_format(&address, from);

	log_line_text(&line, "pam_apitoken(");
	log_line_word(&line, subject->service);
	log_line_text(&line, ":");
	log_line_text(&line, subject->hook);
	log_line_text(&line, "): ");
	log_line_text(&line, verb);
	log_line_field(&line, "id", subject->id);
	log_line_field(&line, "user", subject->user);
	log_line_field(&line, "service", subject->service);
	log_line_field(&line, "rhost", from);
	return line;
}

struct log_line
login_line_refused(
    const struct subject *subject, const char *reason, const char *detail)
{
	struct log_line line = login_line_begin(subject, "refused");

	log_line_field(&line, "reason", reason);
	if (detail[0] != '\0') {
		log_line_text(&line, ": ");
		log_line_sentence(&line, detail);
	}
	return line;
}
