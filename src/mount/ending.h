/* The signals that end a mount or ask for a refresh, and the deadline of an end. One for the process, and for good: a second session would share
 * it. */
#ifndef MIGFS_MOUNT_ENDING_H
#define MIGFS_MOUNT_ENDING_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* Takes over SIGTERM, SIGINT, SIGHUP and SIGUSR1, and starts the deadline's thread. After the last fork. */
bool ending_prepare(struct error *error);

/* For poll(): readable when a signal has come. */
int ending_descriptor(void);

enum ending_wish { ENDING_NOTHING, ENDING_REFRESH, ENDING_END };
enum ending_wish ending_take(void); /* what the signals since the last call ask for, the most urgent of it */

/* From here on the process has ENDING_MS left: whatever hangs then, `device` is closed, which fails all requests that are left, and
 * the process ends with status 0. A signal that comes meanwhile shortens that to nothing. */
void ending_begin(int device);

/* Milliseconds. A sanitizer takes its time to look for leaks at the end. */
#ifdef MIGFS_SANITIZED
enum { ENDING_MS = 20000 };
#else
enum { ENDING_MS = 1500 };
#endif

#endif
