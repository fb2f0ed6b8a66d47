/* `migfs status`: shows the state of everything on one screen. */
#ifndef MIGFS_CLI_STATUS_H
#define MIGFS_CLI_STATUS_H

#include "cli/options.h"

/* Returns the exit status: 0 if the folder could be shown, whatever its problems; else 2. */
int status_run(struct options *options);

#endif
