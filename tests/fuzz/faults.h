/*
 * Calls that fail when a script says so: memory, files, the database, look-ups.
 * The target is linked with --wrap for all of them (Makefile.am: FAULT_LINK).
 * Nothing fails but what the module itself calls.
 */
#ifndef APITOKEN_FAULTS_H
#define APITOKEN_FAULTS_H

#include <stdbool.h>

/* The n-th call from now on fails, and all behind it if that is wanted. */
void faults_arm(unsigned nth, bool forever);
void faults_disarm(void);

/* Around a call of the module. */
void faults_enter(void);
void faults_leave(void);

bool faults_inside(void);

/* Whether it is this call's turn. */
bool faults_due(void);

/* Whether any has failed since faults_disarm. */
bool faults_happened(void);

/* A path that the module gets another file for. */
void faults_redirect(const char *path, const char *to);

#endif
