/* `migfs status`: how things stand, on one screen. Top row. */
#ifndef MIGFS_CLI_STATUS_H
#define MIGFS_CLI_STATUS_H

#include "cli/options.h"

/* Returns the exit status: 0 whenever the folder could be shown, whatever the problems; else 2. */
int status_run(struct options *options);

#endif
