/* The program that runs the hooks: PAM's host. */
#ifndef APITOKEN_HOST_PROGRAM_H
#define APITOKEN_HOST_PROGRAM_H

#include <limits.h>

#include "base/error.h"

/*
 * Sets path to the calling process's executable, without links, as the kernel
 * reports it; a file that has been replaced keeps its name. ERR_UNSAFE: others
 * than root own it or may write to it. ERR_SYSTEM.
 */
enum err host_program_find(char path[PATH_MAX], struct error *why);

#endif
