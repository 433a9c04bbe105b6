/*
 * How values are read, and errors told: for fleet_issued.c, fleet_issued_list.c
 * and fleet_publish.c only.
 */
#ifndef APITOKEN_FLEET_ISSUED_IMPL_H
#define APITOKEN_FLEET_ISSUED_IMPL_H

#include "fleet/fleet_issued.h"

/* What is read of a value. */
struct fleet_opening {
	const struct keys *keys;
	enum crypto_name kind;
	void *result;
	enum err (*read)(
	    void *result, const char *name, const uint8_t *bytes, size_t len);
};

/*
 * A store_value_visitor, whose arg is a struct fleet_opening: opens a copy, as
 * the value may be mapped for reading only.
 */
enum err fleet_issued_open(
    const char *name, const uint8_t *value, size_t len, void *arg);

/* Sets the text of an error that a value brought. Returns the error. */
enum err fleet_issued_explain(enum err rc, const char *what, struct error *why);

#endif
