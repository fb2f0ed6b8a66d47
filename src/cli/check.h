/* `migfs check`: prints the problems on standard output. */
#ifndef MIGFS_CLI_CHECK_H
#define MIGFS_CLI_CHECK_H

#include "cli/options.h"

/* Returns the exit status: 0 no problem, 1 some, 2 unknown. */
int check_run(struct options *options);

#endif
