/*
 * Calls that fail when a script says so: memory, files, the database, look-ups.
 * The target is linked with --wrap for all of them (Makemodule.am: FAULT_LINK).
 * Only calls that the module makes can fail.
 */
#ifndef APITOKEN_FAULTS_H
#define APITOKEN_FAULTS_H

#include <stdbool.h>

/* The nth call from now on fails, and optionally all after it. */
void faults_arm(unsigned nth, bool forever);
void faults_disarm(void);

/* Around a call of the module. */
void faults_enter(void);
void faults_leave(void);

bool faults_inside(void);

/* Whether this call has to fail. */
bool faults_due(void);

/* Whether any has failed since faults_disarm. */
bool faults_happened(void);

/* A path that is another file for the module. */
void faults_redirect(const char *path, const char *to);

#endif
