/* Going into the background, and telling the process that started us that the view stands: the shell that waits, or systemd. Top row. */
#ifndef MIGFS_CLI_BACKGROUND_H
#define MIGFS_CLI_BACKGROUND_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* Who waits for us. */
struct starter {
    int pipe; /* the shell's child waits on its other end; -1: none does */
    int null; /* /dev/null, for which background_ready() trades the terminal; -1 where `pipe` is */
};

/* Forks; the parent waits until the child says that it is ready, or ends with the child's exit status. Before any thread. */
bool background_fork(struct starter *starter, struct error *error);

/* The view stands: lets the parent go, and with it the terminal; tells systemd where it is there (sd_notify(3), $NOTIFY_SOCKET). */
void background_ready(struct starter *starter);

#endif
