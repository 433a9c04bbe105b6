/* Lines of /etc/pam.d, and files that include each other. */
#include "unit.h"

#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tokenadm/pamrun.h"
#include "scratch.h"

int
main(void)
{
	return 0;
}
