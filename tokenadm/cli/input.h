/*
 * Standard input that is read to its end: it may be any bytes. At the door it
 * comes from whoever asks there.
 */
#ifndef TOKENADM_INPUT_H
#define TOKENADM_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* As read(2) of standard input, but not interrupted by signals. */
ssize_t input_read(uint8_t *bytes, size_t size);

/* From now on, input_read is this function. */
typedef ssize_t input_reader(uint8_t *bytes, size_t size);
void input_set(input_reader *reader);

#endif
