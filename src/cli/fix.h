/* `migfs fix`: writes the consistent journal over the one on disk. Top row; before any other thread of our own. */
#ifndef MIGFS_CLI_FIX_H
#define MIGFS_CLI_FIX_H

#include "cli/options.h"

/* Prints what it changes, and nothing where nothing is to be done. Returns the exit status: 0 done or nothing to do, 1 refused, 2 it could
 * not be done. */
int fix_run(struct options *options);

#endif
