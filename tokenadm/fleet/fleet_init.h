/* fleet init: makes this machine one that issues tokens to its fleet. */
#ifndef TOKENADM_FLEET_INIT_H
#define TOKENADM_FLEET_INIT_H

#include "cli/command.h"

/*
 * Makes the issuer's key, its store, and the file that lets this machine
 * believe itself, and prints that file, for all other machines. ERR_EXISTS: it
 * is an issuer already; ERR_CONFIG, ERR_INVALID; or as create_store.
 */
enum err fleet_init(struct context *context, const struct args *args);

/*
 * The text of NAME.pub: trust in an issuer for everything. Returns its length.
 */
#define FLEET_PUB_MAX 512
size_t fleet_pub_text(
    const uint8_t key[CRYPTO_SIGNATURE_KEY_LEN], char text[FLEET_PUB_MAX]);

/* The path of that file. */
void fleet_pub_path(
    const struct config *config, const char *issuer, char path[PATH_MAX]);

#endif
