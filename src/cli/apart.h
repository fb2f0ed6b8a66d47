/* Runs a command in a child process. If its source never answers, the kernel may block the child in
 * a system call that no signal ends, and everything that waits for it, the caller or a reader of
 * its output, would block as well. So this process never touches the source: it watches the child,
 * copies its output and can exit at any time. */
#ifndef MIGFS_CLI_APART_H
#define MIGFS_CLI_APART_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* How long a file system may take to answer, in milliseconds. */
enum { APART_PATIENCE = 10000 };

/* Forks. Returns false in the child, which must run the command and exit, and when no child can be
 * started. Returns true in the parent once the child has exited, with its exit status in
 * *ret_status. If a signal killed the child, kills this process with the same one. If the source
 * does not answer in time, exits with status 2 and an error message. Call before starting
 * threads. */
bool apart_watch(int *ret_status);

/* The same by a thread of this process; the exit status is 1. A stuck system call that no signal
 * ends still keeps the process. */
void apart_watch_self(void);
void apart_watch_self_end(void); /* before patience_own() */

/* Sets the error about a path that does not answer. Returns false. */
bool apart_silence(const char *path, struct error *error);

/* Logs that error for patience_path(). */
void apart_say_silence(void);

#endif
