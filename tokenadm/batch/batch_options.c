#include "batch/batch_options.h"

#include <stdbool.h>
#include <string.h>

#include "issue/preset_options.h"

static bool
goes_with_batch(const char *option)
{
	static const char *const NAMES[] = {
	    "batch", "output", "force", "preset", "short"};

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		if (strcmp(option, NAMES[i]) == 0)
			return true;
	}
	return false;
}

enum err
batch_options_check(const struct args *args, struct error *why)
{
	for (int i = 0; args->specs[i].name != NULL; i++) {
		const char *name = args->specs[i].name;

		if (args->values[i] != NULL && !goes_with_batch(name))
			return error_about(why, name, NULL,
			    error_set(why, ERR_USAGE,
				"--%s: cannot be combined with --batch, whose "
				"lines say it",
				name));
	}
	return ERR_OK;
}

enum err
batch_options_preset(const struct args *args, const struct config *config,
    const struct preset **preset, struct error *why)
{
	const char *name = args_get(args, "preset");

	*preset = NULL;
	return name == NULL ? ERR_OK
			    : preset_options_find(config, name, preset, why);
}

void
batch_options_fill(const struct preset *preset, struct line *line)
{
	const struct {
		enum line_field field;
		const char *value;
	} values[] = {
	    {LINE_SERVICES, preset->services},
	    {LINE_SCOPES, preset->scopes},
	    {LINE_EXPIRES, preset->expires},
	    {LINE_FROM, preset->from},
	    {LINE_MAX_SESSIONS, preset->max_sessions},
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (line_get(line, values[i].field)[0] == '\0')
			line->fields[values[i].field] = values[i].value;
	}
}
