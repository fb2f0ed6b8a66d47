/* How long what is asked of a file system has been without an answer. A call to one may never return, and a process of which the kernel
 * holds a thread in it cannot even end; so it is another process that looks on, and goes. Before patience_share() all of this does nothing. */
#ifndef MIGFS_UTIL_PATIENCE_H
#define MIGFS_UTIL_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

/* From here on this process and those that it forks share what follows. Before there are threads. False without the memory for it. */
bool patience_share(void);

/* From here on all of it does nothing in this process again. Before there are threads that call it. */
void patience_forget(void);

/* A file system is asked from here to patience_end(). Calls nest; the name is that of the last one. One thread. */
void patience_begin(const char *path);
void patience_end(void);

/* An answer has come. Any thread. */
void patience_step(void);

/* Milliseconds since the last answer; 0: nothing is being asked. In any of the processes. */
int64_t patience_silence(void);

/* What is being asked, as far as there is room for it. */
const char *patience_path(void);

#endif
