/* How long a call to a file system has gone unanswered. Such a call may never return, and a process
 * with a thread that is stuck in the kernel cannot even exit; so another process watches, and
 * exits. Nothing here has any effect before patience_share(). */
#ifndef MIGFS_UTIL_PATIENCE_H
#define MIGFS_UTIL_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

/* From here on this process and its children share this state. Call before there are threads. False
 * when there is no memory for it. */
bool patience_share(void);

/* Whether another process can watch. */
bool patience_is_shared(void);

/* From here on this process watches itself, and no name is kept. Call before there are threads that
 * use this. */
void patience_own(void);

/* A file system is being called, until patience_end(). Calls nest; the name is that of the last
 * one. One thread; after patience_own(), any. */
void patience_begin(const char *path);
void patience_end(void);

/* An answer arrived. Any thread. */
void patience_step(void);

/* Milliseconds since the last answer; 0: no call is under way. In any of the processes. */
int64_t patience_silence(void);

/* What is being called, cut to the room for it. */
const char *patience_path(void);

#endif
