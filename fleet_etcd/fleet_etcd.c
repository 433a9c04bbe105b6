/*
 * fleet-etcd: speaks to etcd for tokenadm, with no rights but to have sockets.
 * Started by fleet_helper.c, which hands it its settings and asks it over its
 * standard input, a socket. It has no arguments and no environment.
 */
#include "fleet_etcd/etcd_serve.h"
#include "fleet_helper/helper_talk.h"

int
main(void)
{
	return helper_main("fleet-etcd", etcd_serve);
}
