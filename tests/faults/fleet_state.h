/* What a machine has of a fleet: what it issues, what it applied, its engine.
 */
#ifndef APITOKEN_FLEET_STATE_H
#define APITOKEN_FLEET_STATE_H

#include <stdbool.h>
#include <stdio.h>

#include "config/config.h"
#include "token/record.h"

/* Whether the configuration names a fleet. */
bool fleet_state_is_meant(const struct config *config);

/* One pass of the agent, as it comes after a command. Says what went wrong. */
void fleet_state_settle(const char *work, const struct config *config);

/* Prints a token, with its id made the same in each run. */
typedef void fleet_state_token(const struct record *record, FILE *stream);

/*
 * Prints all of it that does not differ between runs, and whether the three
 * agree. Nothing without a fleet.
 */
void fleet_state_print(FILE *stream, const char *work,
    const struct config *config, fleet_state_token *print);

/* Whether the engine has all that is issued: what a success promises. */
bool fleet_state_is_sent(const struct config *config);

/* Whether what is issued is sound; *complaint: what is not. */
bool fleet_state_is_sound(const struct config *config, const char **complaint);

#endif
