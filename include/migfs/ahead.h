/* Reads ahead across files. The kernel asks for each file that it does not hold yet, one by one, and a whole folder read for the first
 * time costs little but those questions. So when somebody reads files in the order of their numbers, as `grep -r`, `tar` and `cat *` do,
 * the next ones are handed to the kernel before it asks. Any thread. */
#ifndef MIGFS_AHEAD_H
#define MIGFS_AHEAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { AHEAD_FIRST = 4, AHEAD_MOST = 64 }; /* files */

/* What was read lately. Initialise with AHEAD. */
struct ahead {
    pthread_mutex_t lock; /* held by the one who hands over */
    pid_t reader;
    uint64_t next; /* the number that goes on where the last reading, and what was handed over for it, ended */
    size_t window; /* how many were handed over last */
};

#define AHEAD ((struct ahead){.lock = PTHREAD_MUTEX_INITIALIZER})

/* A file with this number is being read from its start; `reader` is 0 when it is not known. Calls `hand_over` for each number
 * that should come next, in order, until it returns false. To be called before the reading is answered. */
void ahead_read(struct ahead *ahead, uint64_t inode, pid_t reader, bool (*hand_over)(void *context, uint64_t inode),
                void *context);

/* From then on nothing is handed over. Returns when whoever is at it has ended, for which requests must still be served. Once. */
void ahead_stop(struct ahead *ahead);

#endif
