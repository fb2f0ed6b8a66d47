/* `migfs check` and `migfs print`: the view without a mount. Top row; they print on standard output. */
#ifndef MIGFS_CLI_CHECK_H
#define MIGFS_CLI_CHECK_H

#include "cli/options.h"

/* Both return the exit status. check: 0 no problem, 1 some, 2 could not tell. */
int check_run(const struct options *options);

/* 0, or 2 with nothing on standard output where the view would refuse the file or has none at this path. A directory is listed. */
int print_run(const struct options *options);

#endif
