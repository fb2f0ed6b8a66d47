/* Writes all bytes, however few a file accepts at a time. */
#ifndef MIGFS_CLI_WRITE_H
#define MIGFS_CLI_WRITE_H

#include <stdbool.h>

#include "migfs/util/text.h"

/* Writes all bytes, and waits while the file has no room. On failure returns false and sets errno;
 * some bytes may have been written. */
bool write_all(int file, struct text bytes);

#endif
