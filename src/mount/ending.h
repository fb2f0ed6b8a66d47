/* The signals that end a mount or request a refresh, and the deadline of an end. One instance per
 * process, never released: a second session would share it. */
#ifndef MIGFS_MOUNT_ENDING_H
#define MIGFS_MOUNT_ENDING_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* Installs handlers for SIGTERM, SIGINT, SIGHUP and SIGUSR1, and starts the deadline thread. Call
 * after the last fork. */
bool ending_prepare(struct error *error);

/* For poll(): readable when a signal has arrived. */
int ending_descriptor(void);

enum ending_wish { ENDING_NOTHING, ENDING_REFRESH, ENDING_END };
enum ending_wish ending_take(void); /* the most urgent wish among the signals since the last call */

/* Starts the deadline: after ENDING_MS, `device` is closed, which fails all requests that are left,
 * and the process exits with status 0, whatever hangs. Another signal moves the deadline to now. */
void ending_begin(int device);

/* Milliseconds. At exit a sanitizer looks for leaks, which takes time. */
#ifdef MIGFS_SANITIZED
enum { ENDING_MS = 20000 };
#else
enum { ENDING_MS = 1500 };
#endif

#endif
