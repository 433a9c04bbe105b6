/*
 * fleet-https: reads a fleet's files from a web server for tokenadm, with no
 * rights but to have sockets. Started by fleet_helper.c, which hands it its
 * settings and asks it over its standard input, a socket. It has no arguments
 * and no environment.
 */
#include "fleet_helper/helper_talk.h"
#include "fleet_https/https_serve.h"

int
main(void)
{
	return helper_main("fleet-https", https_serve);
}
