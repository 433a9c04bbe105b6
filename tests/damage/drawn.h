/* Random numbers of the core that are the same in each run. */
#ifndef APITOKEN_DAMAGE_DRAWN_H
#define APITOKEN_DAMAGE_DRAWN_H

#include <stdint.h>

/*
 * From now on they depend on this number only. For programs that are linked
 * with --wrap=getrandom.
 */
void drawn_seed(uint64_t seed);

#endif
