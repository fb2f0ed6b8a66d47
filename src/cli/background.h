/* Goes into the background and notifies the parent process or systemd when the view is mounted. */
#ifndef MIGFS_CLI_BACKGROUND_H
#define MIGFS_CLI_BACKGROUND_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* The process to notify. */
struct starter {
    int pipe; /* the parent waits on its other end; -1: no parent waits */
    int null; /* /dev/null, to replace the terminal in background_ready(); -1 if `pipe` is */
};

/* Forks. The parent waits until the child is ready, or exits with its exit status. Call before
 * starting threads. */
bool background_fork(struct starter *starter, struct error *error);

/* To be called when the view is mounted: releases the parent and the terminal, and notifies systemd
 * if $NOTIFY_SOCKET is set (sd_notify(3)). */
void background_ready(struct starter *starter);

#endif
