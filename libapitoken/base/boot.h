/* Which boot of the machine this is: /run does not outlive it. */
#ifndef APITOKEN_BOOT_H
#define APITOKEN_BOOT_H

#include "base/error.h"

/* The kernel's name for it, a UUID; see random(4). */
#define BOOT_LEN 36

/* Reads it. ERR_SYSTEM. */
enum err boot_read(char boot[BOOT_LEN + 1], struct error *why);

#endif
