/* doctor: labels, where SELinux is on. */
#ifndef TOKENADM_DOCTOR_SELINUX_H
#define TOKENADM_DOCTOR_SELINUX_H

#include "doctor/doctor.h"

/*
 * Compares the labels of the key's, the database's and the sessions' directory
 * with those of contrib/selinux. Without SELinux it says nothing.
 */
void doctor_selinux(struct doctor *doctor);

#endif
