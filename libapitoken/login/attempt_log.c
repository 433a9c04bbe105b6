#include "login/attempt_log.h"

#include "base/network.h"

struct log_line
attempt_log_begin(const struct attempt *attempt, const char *verb)
{
	struct log_line line = {0};
	char from[NETWORK_TEXT_LEN + 1] = "";
	struct network address;

	/* The address as it was parsed, without what may follow it. */
	if (attempt->from != NULL &&
	    network_parse_address(attempt->from, &address))
		network_format(&address, from);

	log_line_text(&line, "pam_apitoken(");
	log_line_word(&line, attempt->service);
	log_line_text(&line, ":");
	log_line_text(&line, attempt->hook);
	log_line_text(&line, "): ");
	log_line_text(&line, verb);
	log_line_field(&line, "id", attempt->id);
	log_line_field(&line, "user", attempt->user);
	log_line_field(&line, "service", attempt->service);
	log_line_field(&line, "rhost", from);
	return line;
}

struct log_line
attempt_log_refused(
    const struct attempt *attempt, const char *reason, const char *detail)
{
	struct log_line line = attempt_log_begin(attempt, "refused");

	log_line_field(&line, "reason", reason);
	if (detail[0] != '\0') {
		log_line_text(&line, ": ");
		log_line_sentence(&line, detail);
	}
	return line;
}

struct log_line
attempt_log_verdict(const struct attempt *attempt, enum err rc,
    const struct verdict *verdict, const struct error *why)
{
	if (rc != ERR_OK)
		return attempt_log_refused(attempt, "trouble",
		    why->text[0] != '\0' ? why->text : error_name(rc));
	if (verdict->accepted)
		return attempt_log_begin(attempt, "accepted");
	return attempt_log_refused(attempt, verdict_reason(verdict), "");
}
