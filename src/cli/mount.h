/* `migfs SOURCE MOUNTPOINT`: the view as a mount. Top row. */
#ifndef MIGFS_CLI_MOUNT_H
#define MIGFS_CLI_MOUNT_H

struct options;

/* Returns when it is unmounted: the exit status, 2 for paths that cannot be. */
int mount_run(struct options *options);

#endif
