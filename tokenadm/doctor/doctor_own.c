/* doctor: whether users get at their own tokens where [self_service] says so.
 */
#include <string.h>

#include "doctor/doctor.h"
#include "door/door_client.h"
#include "own/own_confirm.h"
#include "store/store.h"

/* Of the door, whose unit starts what asks for passwords, too. */
#define UNIT "apitoken-door"
#define STACK "/etc/pam.d/" CONFIG_OWN_SERVICE

static bool
listens(struct doctor *doctor, const char *socket, const char *what)
{
	const struct config *config = &doctor->context->config;
	struct error why = {""};

	if (door_look(socket, store_deadline(config), &why) == ERR_OK)
		return true;
	report_add(&doctor->report, REPORT_WRONG, "%s: %s", what, why.text);
	report_fix(&doctor->report, "systemctl enable --now " UNIT);
	return false;
}

/* libpam takes the stack of `other` then, which denies. */
static bool
has_stack(struct doctor *doctor)
{
	struct pamstack stack;
	struct error why = {""};
	enum err rc = pamstack_read(&stack, CONFIG_OWN_SERVICE, NULL, &why);
	bool has_file = rc == ERR_OK && stack.has_file;

	pamstack_free(&stack);
	if (has_file)
		return true;
	report_add(&doctor->report, REPORT_WRONG,
	    "no password can be confirmed: there is no " STACK);
	report_fix(&doctor->report,
	    "printf '@include common-auth\\n@include common-account\\n' "
	    ">" STACK);
	return false;
}

void
doctor_own(struct doctor *doctor)
{
	const struct config *config = &doctor->context->config;

	if (strcmp(config->self.allow, "no") == 0 ||
	    !doctor_wants(doctor, CONFIG_OWN_SERVICE))
		return;
	report_set_area(&doctor->report, "self_service");
	if (listens(doctor, config->door.socket,
		"users do not reach their own tokens") &&
	    listens(
		doctor, OWN_CONFIRM_SOCKET, "no password can be confirmed") &&
	    has_stack(doctor))
		report_add(&doctor->report, REPORT_OK,
		    "users manage their own tokens: %s", config->self.allow);
}
