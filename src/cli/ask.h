/* Tests whether a file system answers. A process with a thread blocked in one that does not cannot
 * even exit, so a child tests it first, unless another process watches already (apart,
 * background). */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* Has a child probe the path: it reads one byte of a file, or the names in a folder. Returns false
 * with an error if that takes longer than ten seconds; true whatever the result, and also if no
 * child can be started. */
bool ask_first(const char *path, struct error *error);

#endif
