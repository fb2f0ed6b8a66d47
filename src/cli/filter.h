/* A filter that refuses the system calls that serving a mount never makes. Knows nothing of users and capabilities. */
#ifndef MIGFS_CLI_FILTER_H
#define MIGFS_CLI_FILTER_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* Installs it in all threads of this process, for good; processes forked earlier are not affected. The calls refused fail with EPERM.
 * The thread must have no_new_privs or CAP_SYS_ADMIN. True without effect where the kernel has no such filters. */
bool filter_install(struct error *error);

#endif
