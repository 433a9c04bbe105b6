#include "doctor/login_store.h"

#include "check/check.h"
#include "store/store.h"

enum err
login_store_look(const struct config *config, struct error *why)
{
	struct check_report look;
	struct error text = {""};
	enum err rc = check_look(
	    &look, config, 0, store_deadline(config), &text);
	bool is_interrupted = look.is_interrupted;

	check_report_free(&look);
	if (!is_interrupted)
		return ERR_OK;
	return error_set(why, rc,
	    "a writer was killed; nothing is written here, so undo what it "
	    "left first: tokenadm check");
}
