/* A seccomp filter that refuses the system calls that serving a mount never makes. Does not deal
 * with users and capabilities. */
#ifndef MIGFS_CLI_FILTER_H
#define MIGFS_CLI_FILTER_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* Installs the filter in all threads of this process, permanently; processes forked earlier are not
 * affected. Refused calls fail with EPERM. The thread must have no_new_privs or CAP_SYS_ADMIN.
 * Returns true without effect if the kernel has no seccomp filters. */
bool filter_install(struct error *error);

#endif
