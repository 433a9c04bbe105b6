#include "login/attempt_log.h"

#include <stdio.h>

#include "base/network.h"

struct log_line
attempt_log_begin(const struct attempt *attempt, const char *verb)
{
	struct log_line line = {0};
	char from[NETWORK_TEXT_LEN + 1], caller[24];

	/* The address as it was parsed, without what may follow it. */
	network_format_address(attempt->from, from);
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
	if (attempt->is_by_door) {
		(void)snprintf(caller, sizeof(caller), "%lu",
		    (unsigned long)attempt->caller);
		log_line_field(&line, "via", "door");
		log_line_field(&line, "caller", caller);
	}
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
	if (verdict->accepted) {
		struct log_line line = attempt_log_begin(attempt, "accepted");

		if (verdict->fleet.is_stale)
			log_line_field(&line, "stale", "yes");
		return line;
	}
	return attempt_log_refused(attempt, verdict_reason(verdict), "");
}

struct log_line
attempt_log_deactivated(
    const struct attempt *attempt, size_t tokens, const char *reason)
{
	struct log_line line = attempt_log_begin(attempt, "deactivated");
	char number[24];

	(void)snprintf(number, sizeof(number), "%zu", tokens);
	log_line_field(&line, "tokens", number);
	log_line_field(&line, "reason", reason);
	return line;
}
