/* `migfs print`: one file of the view on standard output. Top row. */
#ifndef MIGFS_CLI_PRINT_H
#define MIGFS_CLI_PRINT_H

#include "cli/options.h"

/* Returns the exit status: 0, or 2 with nothing on standard output where the view would refuse the file or has none at this path. A directory
 * is listed. */
int print_run(struct options *options);

#endif
