/* Drops privileges that a daemon started by root never needs.
 *
 * Neither function does anything for other users: fusermount3, which unmounts for them, is set-uid,
 * and no_new_privs, which a seccomp filter requires, would disable that. */
#ifndef MIGFS_CLI_PRIVILEGES_H
#define MIGFS_CLI_PRIVILEGES_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* Keeps only the capabilities for mounting, unmounting and reading the source, and prevents gaining
 * others. Call before starting threads, since each thread has its own capabilities. */
bool privileges_reduce(struct error *error);

/* Refuses, in all threads, system calls that serving a mount never makes: those that CAP_SYS_ADMIN
 * and CAP_DAC_READ_SEARCH could be abused for, running programs, and every change to the disk by
 * name. Call after mounting. No effect if the kernel has no seccomp filters. */
bool privileges_confine(struct error *error);

#endif
