#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/crypto.h"
#include "fleet_helper/helper_rights.h"
#include "fleet_helper/helper_talk.h"

static int
is_socket(int fd)
{
	int type;
	socklen_t len = sizeof(type);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	    type == SOCK_STREAM;
}

int
helper_main(const char *name, enum err (*serve)(int socket))
{
	struct error why = {""};
	enum err rc;

	(void)clearenv();
	if (!is_socket(STDIN_FILENO)) {
		(void)fprintf(
		    stderr, "%s: tokenadm starts it; see fleet(7)\n", name);
		return 2;
	}
	rc = helper_rights_give_up(&why);
	if (rc == ERR_OK)
		rc = crypto_init(&why);
	if (rc == ERR_OK)
		rc = serve(STDIN_FILENO);
	if (rc != ERR_OK && why.text[0] != '\0')
		(void)fprintf(stderr, "%s: %s\n", name, why.text);
	return rc == ERR_OK ? 0 : 1;
}
