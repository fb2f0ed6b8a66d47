/* Gives up what a daemon started by root could do and never needs. Top row.
 *
 * For anybody else neither does anything: fusermount3, which ends an ordinary user's mount, works by its set-uid bit, and the user who sets
 * no_new_privs (which a filter of system calls needs, too) takes that away. */
#ifndef MIGFS_CLI_PRIVILEGES_H
#define MIGFS_CLI_PRIVILEGES_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* Keeps the capabilities that (un)mounting and reading the source take, and no way to get others. Before the first thread, since
 * capabilities are a thread's own. */
bool privileges_reduce(struct error *error);

/* Refuses, from now on and in all threads, what CAP_SYS_ADMIN and CAP_DAC_READ_SEARCH could be abused for, programs, and every change of
 * the disk by name: system calls that serving a mount never makes. Once mounted. Without effect where the kernel has no such filters. */
bool privileges_confine(struct error *error);

#endif
