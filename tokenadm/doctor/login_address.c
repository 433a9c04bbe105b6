#include "doctor/login_address.h"

#include <stddef.h>

enum told_address
login_address(struct steps *steps, struct attempt *attempt)
{
	struct error how = {""};
	enum told_address told = told_address(attempt->service, &how);

	if (attempt->from == NULL || told == TOLD_NUMERIC)
		return TOLD_NUMERIC;
	steps_add(steps, "host",
	    told == TOLD_UNKNOWN ? OUTCOME_SKIPPED : OUTCOME_PASSED, "%s",
	    how.text);
	if (told != TOLD_UNKNOWN)
		attempt->from = NULL;
	return told;
}
