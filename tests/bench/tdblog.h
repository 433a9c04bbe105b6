/*
 * What tdblog.c writes and bare.c reads: for each step a head, then the key and
 * the value.
 */
#ifndef APITOKEN_TDBLOG_H
#define APITOKEN_TDBLOG_H

#include <stdint.h>

struct step {
	enum {
		STEP_BEGIN,
		STEP_STORE,
		STEP_DELETE,
		STEP_COMMIT
	} what;
	int32_t flag; /* of tdb_store */
	uint32_t key_len, value_len;
};

#endif
