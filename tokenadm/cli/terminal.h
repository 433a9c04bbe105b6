/*
 * Which of the standard streams are a terminal, and how wide it is. At the door
 * it is that of whoever asks there.
 */
#ifndef TOKENADM_TERMINAL_H
#define TOKENADM_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

struct terminal {
	bool has_input, has_output, has_errors; /* which of them are one */
	bool has_colours;                       /* wanted on standard output */
	uint16_t width; /* columns, of standard output */
};

/* As the streams are; or as terminal_set has it. */
struct terminal terminal_get(void);

/* From now on. */
void terminal_set(const struct terminal *terminal);

#endif
