/* `migfs print`: prints one file of the view on standard output. */
#ifndef MIGFS_CLI_PRINT_H
#define MIGFS_CLI_PRINT_H

#include "cli/options.h"

/* Returns the exit status: 0, or 2 with nothing on standard output if the view would refuse the
 * file or does not have this path. A directory is listed. */
int print_run(struct options *options);

#endif
