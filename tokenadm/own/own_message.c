#include "own/own_message.h"

#include <string.h>

#include "base/crypto.h"
#include "base/little_endian.h"
#include "base/packet_head.h"

#define FORMAT 1
/* Of a request: the terminal's flags and width, and two counts. */
#define REQUEST_NUMBERS (1 + 2 + 1 + 2)

/* Texts end with a NUL here. */
static bool
put_text(uint8_t *bytes, size_t *len, const char *text)
{
	size_t size = strlen(text) + 1;

	if (size > OWN_PACKET_MAX - *len)
		return false;
	memcpy(bytes + *len, text, size);
	*len += size;
	return true;
}

enum err
own_request_encode(const struct own_request *request,
    uint8_t bytes[OWN_PACKET_MAX], size_t *len)
{
	uint8_t *out = bytes + PACKET_HEAD;
	const struct terminal *terminal = &request->terminal;

	if (request->argc < 1 || request->argc > OWN_ARGUMENTS_MAX ||
	    request->input_len > OWN_INPUT_MAX)
		return ERR_INVALID;
	*out++ = (uint8_t)(terminal->has_input | terminal->has_output << 1 |
	    terminal->has_errors << 2 | terminal->has_colours << 3);
	out = little_endian_put(out, terminal->width, 2);
	*out++ = (uint8_t)request->argc;
	out = little_endian_put(out, request->input_len, 2);
	*len = (size_t)(out - bytes);
	if (!put_text(bytes, len, request->user))
		return ERR_INVALID;
	for (int i = 0; i < request->argc; i++) {
		if (!put_text(bytes, len, request->argv[i]))
			return ERR_INVALID;
	}
	if (request->input_len > OWN_PACKET_MAX - *len)
		return ERR_INVALID;
	memcpy(bytes + *len, request->input, request->input_len);
	*len += request->input_len;
	packet_head_put(bytes, FORMAT, OWN_REQUEST, *len);
	return ERR_OK;
}

/* Takes a text that ends with a NUL from *text, of which *len are left. */
static char *
take_text(char **text, size_t *len)
{
	char *taken = *text;
	char *end = memchr(taken, '\0', *len);

	if (end == NULL)
		return NULL;
	*text = end + 1;
	*len -= (size_t)(end + 1 - taken);
	return taken;
}

/* Takes the texts: those of the user and the arguments, then the input. */
static bool
take_texts(struct own_request *request, size_t len)
{
	char *rest = request->texts;
	const char *user = take_text(&rest, &len);

	if (user == NULL || user[0] == '\0' ||
	    strlen(user) >= sizeof(request->user))
		return false;
	strcpy(request->user, user);
	for (int i = 0; i < request->argc; i++) {
		request->argv[i] = take_text(&rest, &len);
		if (request->argv[i] == NULL)
			return false;
	}
	if (len != request->input_len)
		return false;
	memcpy(request->input, rest, len);
	return true;
}

static bool
take_request(struct own_request *request, const uint8_t *bytes, size_t len)
{
	uint8_t flags;

	if (len < REQUEST_NUMBERS)
		return false;
	flags = bytes[0];
	request->terminal = (struct terminal){
	    .has_input = (flags & 1) != 0,
	    .has_output = (flags & 2) != 0,
	    .has_errors = (flags & 4) != 0,
	    .has_colours = (flags & 8) != 0,
	    .width = (uint16_t)little_endian_get(bytes + 1, 2),
	};
	request->argc = bytes[3];
	request->input_len = (size_t)little_endian_get(bytes + 4, 2);
	if (flags > 15 || request->argc < 1 ||
	    request->argc > OWN_ARGUMENTS_MAX ||
	    request->input_len > OWN_INPUT_MAX)
		return false;
	memcpy(request->texts, bytes + REQUEST_NUMBERS, len - REQUEST_NUMBERS);
	return take_texts(request, len - REQUEST_NUMBERS);
}

enum err
own_request_decode(
    struct own_request *request, const uint8_t *bytes, size_t len)
{
	*request = (struct own_request){.argc = 0};
	if (packet_head_fits(bytes, len, FORMAT, 0) && len <= OWN_PACKET_MAX &&
	    bytes[1] == OWN_REQUEST &&
	    take_request(request, bytes + PACKET_HEAD, len - PACKET_HEAD))
		return ERR_OK;
	crypto_wipe(request, sizeof(*request));
	return ERR_DAMAGED;
}

size_t
own_text_encode(enum own_kind kind, const char *text, size_t text_len,
    uint8_t bytes[OWN_PACKET_MAX])
{
	size_t len = PACKET_HEAD + text_len;

	packet_head_put(bytes, FORMAT, kind, len);
	memcpy(bytes + PACKET_HEAD, text, text_len);
	return len;
}

size_t
own_end_encode(int code, const char *failure, uint8_t bytes[OWN_PACKET_MAX])
{
	char text[OWN_TEXT_MAX] = {(char)code};
	size_t len = strlen(failure);

	if (len > sizeof(text) - 1)
		len = 0;
	memcpy(text + 1, failure, len);
	return own_text_encode(OWN_END, text, 1 + len, bytes);
}

enum err
own_decode(enum own_kind *kind, const char **text, size_t *text_len,
    const uint8_t *bytes, size_t len)
{
	if (!packet_head_fits(bytes, len, FORMAT, 0) ||
	    len - PACKET_HEAD > OWN_TEXT_MAX || bytes[1] <= OWN_REQUEST ||
	    bytes[1] > OWN_INPUT)
		return ERR_DAMAGED;
	*kind = (enum own_kind)bytes[1];
	*text = (const char *)bytes + PACKET_HEAD;
	*text_len = len - PACKET_HEAD;
	if ((*kind == OWN_END && *text_len == 0) ||
	    ((*kind == OWN_WRITTEN || *kind == OWN_MORE) && *text_len != 0))
		return ERR_DAMAGED;
	return ERR_OK;
}
