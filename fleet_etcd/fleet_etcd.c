/*
 * fleet-etcd: speaks to etcd for tokenadm, with no rights but to have sockets.
 * Started by fleet_helper.c, which hands it its settings and asks it over its
 * standard input, a socket. It has no arguments and no environment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/crypto.h"
#include "fleet_etcd/etcd_rights.h"
#include "fleet_etcd/etcd_serve.h"

static int
is_socket(int fd)
{
	int type;
	socklen_t len = sizeof(type);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	    type == SOCK_STREAM;
}

int
main(void)
{
	struct error why = {""};
	enum err rc;

	(void)clearenv();
	if (!is_socket(STDIN_FILENO)) {
		(void)fputs(
		    "fleet-etcd: tokenadm starts it; see fleet(7)\n", stderr);
		return 2;
	}
	rc = etcd_rights_give_up(&why);
	if (rc == ERR_OK)
		rc = crypto_init(&why);
	if (rc == ERR_OK)
		rc = etcd_serve(STDIN_FILENO);
	if (rc != ERR_OK && why.text[0] != '\0')
		(void)fprintf(stderr, "%s\n", why.text);
	return rc == ERR_OK ? 0 : 1;
}
