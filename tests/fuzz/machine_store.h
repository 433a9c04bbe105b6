/* The files behind machine.h. */
#ifndef APITOKEN_MACHINE_STORE_H
#define APITOKEN_MACHINE_STORE_H

#include "store/store.h"

/* The runtime directory. */
#define MACHINE_PATH_SIZE 256
extern char machine_run[MACHINE_PATH_SIZE];

/* The good store. */
extern struct config machine_store_config;

/* Opens it, whatever trouble it is in. */
struct store *machine_store_open(enum store_mode mode);

/* Draws the tokens, and adds them to an empty store. */
void machine_store_fill(void);

/* The store was written: cached data is void. */
void machine_store_forget(void);

#endif
