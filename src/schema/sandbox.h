/* The restrictions of a worker. */
#ifndef MIGFS_SCHEMA_SANDBOX_H
#define MIGFS_SCHEMA_SANDBOX_H

#include <stdbool.h>

/* Limits memory, stack, processor time and file size, drops all privileges, and blocks all system
 * calls except those for reading, writing and allocating. Returns false if that fails; the process
 * must then not read any SQL. On a kernel without filters the limits are considered sufficient. */
bool sandbox_enter(void);

#endif
