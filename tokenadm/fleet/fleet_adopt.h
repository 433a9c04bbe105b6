/*
 * fleet adopt: after this issuer was lost, or its store is an old copy, takes
 * what the engine has of it as its own, and goes on with the next epoch.
 */
#ifndef TOKENADM_FLEET_ADOPT_H
#define TOKENADM_FLEET_ADOPT_H

#include "cli/command.h"

/*
 * Does it, and says what it has taken. What is there must be signed with the
 * key that this machine trusts under the issuer's name, or has. ERR_MISSING:
 * this machine issues nothing; ERR_REFUSED; or as fleet_verify.
 */
enum err fleet_adopt(struct context *context, const struct args *args);

#endif
