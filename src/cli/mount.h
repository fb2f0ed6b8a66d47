/* `migfs SOURCE MOUNTPOINT`: mounts the view. */
#ifndef MIGFS_CLI_MOUNT_H
#define MIGFS_CLI_MOUNT_H

struct options;

/* Returns after unmounting: the exit status, 2 if the paths cannot be used. */
int mount_run(struct options *options);

#endif
