/* What stands behind -o: our own options without `--`, what fstab adds, and what is FUSE's. Part of options. */
#ifndef MIGFS_CLI_OPTIONS_MOUNT_H
#define MIGFS_CLI_OPTIONS_MOUNT_H

#include "cli/options.h"

/* A list, in which a backslash keeps a comma together with what is around it, as in fstab. What is not ours goes to mount_options. */
bool options_set_list(struct options *options, const char *value, struct error *error);

#endif
