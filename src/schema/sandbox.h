/* What a worker may not do. */
#ifndef MIGFS_SCHEMA_SANDBOX_H
#define MIGFS_SCHEMA_SANDBOX_H

#include <stdbool.h>

/* Limits memory, stack, processor time and the size of files, gives up all privileges, and refuses every system call but those that
 * read, write and allocate. False where that cannot be had: then nothing may be read. Where the kernel has no filters the limits have to do. */
bool sandbox_enter(void);

#endif
