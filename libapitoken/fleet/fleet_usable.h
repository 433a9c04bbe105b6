/*
 * The fleet's tokens that let somebody log in on this host, whoever issues
 * them: for what becomes of them with their accounts. Whether an issuer is
 * trusted now is not looked at: he may be again.
 */
#ifndef APITOKEN_FLEET_USABLE_H
#define APITOKEN_FLEET_USABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_overlay.h"

struct fleet_usable {
	struct fleet_name name;
	struct record token; /* with its id; uid: the one it is bound to here,
				or else as its issuer has it */
	bool has_uid;
	bool is_bound; /* here; */
	bool is_local; /* to an account in /etc/passwd */
};

/* Called with each; any return but ERR_OK ends the walk. */
typedef enum err fleet_usable_visitor(
    const struct fleet_usable *token, void *arg);

/*
 * Visits those that are active and not expired, revoked by nobody, not ended on
 * this host, and for it, in no order; now is in seconds. What cannot be read is
 * passed over, and an error afterwards. Visitors run under the shared lock, of
 * which deadline is. Errors as fleet_store_open and fleet_store_each; ERR_OK if
 * nothing was ever applied.
 */
enum err fleet_usable_each(const struct config *config, int64_t now,
    int64_t deadline, fleet_usable_visitor *visitor, void *arg,
    struct error *why);

#endif
