#include "own/own_packet.h"

#include <string.h>
#include <sys/socket.h>

#include "base/crypto.h"

bool
own_packet_send(int fd, enum own_kind kind, const char *text, size_t text_len)
{
	uint8_t bytes[OWN_PACKET_MAX];
	size_t len = own_text_encode(kind, text, text_len, bytes);
	bool is_sent = send(fd, bytes, len, MSG_NOSIGNAL) == (ssize_t)len;

	crypto_wipe(bytes, len);
	return is_sent;
}

void
own_packet_send_end(int fd, int code, const char *failure)
{
	uint8_t bytes[OWN_PACKET_MAX];
	size_t len = own_end_encode(code, failure, bytes);

	(void)send(fd, bytes, len, MSG_NOSIGNAL);
}

bool
own_packet_take_bytes(
    int fd, enum own_kind wanted, char bytes[OWN_TEXT_MAX], size_t *len)
{
	uint8_t packet[OWN_PACKET_MAX];
	ssize_t got = recv(fd, packet, sizeof(packet), MSG_DONTWAIT);
	bool is_taken = false;
	enum own_kind kind;
	const char *found;

	if (got > 0 &&
	    own_decode(&kind, &found, len, packet, (size_t)got) == ERR_OK &&
	    kind == wanted) {
		memcpy(bytes, found, *len);
		is_taken = true;
	}
	crypto_wipe(packet, sizeof(packet));
	return is_taken;
}

bool
own_packet_take(int fd, enum own_kind wanted, char text[OWN_TEXT_MAX + 1])
{
	size_t len;

	if (!own_packet_take_bytes(fd, wanted, text, &len))
		return false;
	text[len] = '\0';
	if (strlen(text) == len)
		return true;
	crypto_wipe(text, len);
	return false;
}
