/* `migfs fix`: replaces the journal on disk with the consistent one. Call before starting
 * threads. */
#ifndef MIGFS_CLI_FIX_H
#define MIGFS_CLI_FIX_H

#include "cli/options.h"

/* Prints the changes; nothing if there are none. Returns the exit status: 0 done or nothing to do,
 * 1 refused, 2 failed. */
int fix_run(struct options *options);

#endif
